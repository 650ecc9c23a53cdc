"""Each broken variant of ``tests/races/_variants.py`` is caught by the law that it names."""

import re
import types

import pytest

from tests.lab import gallery
from tests.lab.test_races import FIXED, PROPERTIES
from tests.properties import NAMES
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject

pytestmark = pytest.mark.once

SUBJECT = gallery.FOLDER / "_variants.py"
TEXT = SUBJECT.read_text("utf-8")
CLASS = re.compile(
    r'^class (\w+)\(_sound\.(\w+)\):\n    """([A-Z]\d+(?:, [A-Z]\d+)*): ', re.MULTILINE
)
VARIANTS = [
    (name, kind, law) for name, kind, laws in CLASS.findall(TEXT) for law in laws.split(", ")
]


def parts(kind, variant):
    """What a subject offers whose ``kind`` is ``variant``, a class."""
    if kind == "Start":
        return {"start": variant.start}
    if kind != "CountdownTask":
        return {kind: variant}

    def countdown(n, *, interval=1.0, started=None, emit=print):
        variant(interval=interval, emit=emit).run(n, started=started)

    return {"CountdownTask": variant, "countdown": countdown}


@pytest.fixture(scope="module")
def world():
    """One for all variants: their file is long, and each would load it."""
    names = re.findall(r"^class (\w+)", TEXT, re.MULTILINE)
    return SimulatedWorld(Subject.load(str(SUBJECT), names))


@pytest.mark.parametrize(("name", "kind", "law"), VARIANTS)
def test_it_is_caught_by_the_law_that_it_names(world, monkeypatch, name, kind, law):
    offered = parts(kind, getattr(world.subject, name))
    offered["TimerStopped"] = world.subject.TimerStopped
    monkeypatch.setattr(world, "subject", types.SimpleNamespace(**offered))
    subject = types.SimpleNamespace(names=[one for one in NAMES if one in offered])
    its_own = [p for p in PROPERTIES if p.simulated and p.law == law and p.offered_by(subject)]
    assert any(p.failure(world, FIXED) is not None for p in its_own)


def test_there_are_no_others():
    assert len(CLASS.findall(TEXT)) == len(re.findall(r"^class ", TEXT, re.MULTILINE))
