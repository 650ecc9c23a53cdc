"""The table of calls that are made at once is so."""

import re

import pytest

from tests.lab import pairs

pytestmark = pytest.mark.once


def test_two_threads_are_in_each_pair_of_calls_in_the_property_that_is_named():
    text = pairs.README.read_text("utf-8").partition("<!-- pairs -->")[2]
    text = text.partition("<!-- /pairs -->")[0]
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)`, `(\w+)` \| `?([\w:]+)`? \|$", text, re.MULTILINE)
    assert [row[:3] for row in rows] == pairs.pairs(), "run: python -m tests.lab.pairs"
    met = {(*pair, name) for pair, name in pairs.meetings({row[3] for row in rows})}
    assert [row for row in rows if row not in met] == []
