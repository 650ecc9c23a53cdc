"""The table of calls that are made at once is so."""

import re

import pytest

from tests.lab import pairs
from tests.lab.test_races import PROPERTIES
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject

pytestmark = pytest.mark.once


def test_two_threads_are_in_each_pair_of_calls_in_the_property_that_is_named():
    text = pairs.README.read_text("utf-8").partition(pairs.BEGIN)[2].partition(pairs.END)[0]
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)`, `(\w+)` \| `?([\w:]+)`? \|$", text, re.MULTILINE)
    assert [row[:3] for row in rows] == pairs.pairs(), "run: python -m tests.lab.pairs"
    world = SimulatedWorld(Subject.load("threadprims", list(pairs.CALLS)))
    pairs.watch(world.subject)
    met = set()
    for one in PROPERTIES:
        if (name := f"{one.module}::{one.name}") in {row[3] for row in rows}:
            pairs.seen.clear()
            assert one.failure(world, pairs.budget()) is None
            met |= {(*pair, name) for pair in pairs.seen}
    assert [row for row in rows if row not in met] == []
