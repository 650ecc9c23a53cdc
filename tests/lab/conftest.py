"""What several tests of the laboratory need."""

import textwrap

import pytest


@pytest.fixture
def script(tmp_path):
    """Writes a script and returns what names its function ``scenario``."""

    def write(text, name="script.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return f"{path}:scenario"

    return write
