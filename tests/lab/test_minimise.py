"""What any strategy finds becomes a schedule of few delays, with the same failure."""

import pytest

from tests.benchmarks.yardstick.programs import PROGRAMS
from tests.lab.smallest import fewest, found
from tests.lab.specs import construct
from threadlab.search.explore import STRATEGIES, explore

pytestmark = pytest.mark.once


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("name", ["nonlocal_", "with_two_locks", "fifo_queue", "f_string"])
def test_schedules_are_made_small(strategy, name):
    spec = construct(name)
    result = explore(spec, strategy=strategy, seed=1)
    assert len(result.schedule) <= 2
    assert result.failure.is_like(explore(spec, replay=result.schedule).failure)
    kinds = {"with_two_locks": "deadlock", "fifo_queue": "deadlock"}
    assert result.failure.kind == kinds.get(name, "exception")


@pytest.mark.parametrize(("name", "least"), [("deadlock01", 2), ("twostage", 2), ("account", 3)])
def test_they_are_as_small_as_any_that_fail_so(name, least):
    sort, delays = found(name, "random", 0)
    assert delays == least == fewest(PROGRAMS[name].spec, sort, below=3)
