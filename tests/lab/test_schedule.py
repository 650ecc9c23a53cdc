"""The token of a schedule says it all, and nothing else is one."""

import pytest
from hypothesis import given

from threadlab.schedule import Schedule
from threadlab.worlds.drawing import holds, schedules


@pytest.mark.parametrize("text", ["-", "12.1", "12.1,40.2"])
def test_tokens(text):
    assert str(Schedule.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "12", "a.b", "2.1,1.1", "1.1,1.2", "0.1", "1.0", "1.1.1", "12.1,"]
)
def test_no_tokens(text):
    with pytest.raises(ValueError, match="not a schedule: "):
        Schedule.parse(text)


@given(schedules(100))
def test_schedules_are_those_of_tokens(delays):
    assert Schedule.parse(str(delays)) == delays


def test_what_is_drawn_is_shown_in_short():
    """Hypothesis warns of 30,000 characters, and where warnings are errors that fails a test."""
    steps = [list(range(1, 10_000))]
    assert len(repr(schedules(10_000, of_threads=steps))) < 2000
    assert len(repr(holds(steps))) < 2000
