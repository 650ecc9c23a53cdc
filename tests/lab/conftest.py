"""What several tests of the laboratory need."""

import os
import textwrap
from pathlib import Path

import pytest

from tests.lab.browsing import axe, browser, press, resize, show  # noqa: F401  # fixtures
from tests.lab.specs import PROGRAMS
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject

EXPECTED = Path(__file__).parent / "expected"


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
    return SimulatedWorld(Subject.load(str(PROGRAMS / "racy.py"), ["Counter"]))


@pytest.fixture
def expected():
    """Holds a text against a file in ``expected/``; with RENEW=1 in the environment, writes it."""

    def hold(text, name):
        path = EXPECTED / name
        if os.environ.get("RENEW"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")
        assert text + "\n" == path.read_text("utf-8"), "if that is right: RENEW=1 pytest tests/lab"

    return hold
