"""What several tests of the laboratory need."""

import textwrap

import pytest

from tests.lab.specs import PROGRAMS
from threadlab.worlds import subjects
from threadlab.worlds.simulated import SimulatedWorld


@pytest.fixture
def script(tmp_path):
    """Writes a script and returns what names its function ``scenario``."""

    def write(text, name="script.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return f"{path}:scenario"

    return write


@pytest.fixture(scope="module")
def world():
    """A simulated world, with a subject that is a race."""
    return SimulatedWorld(subjects.load(str(PROGRAMS / "racy.py"), ["Counter"]))
