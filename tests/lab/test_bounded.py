"""The bounded search makes each execution within its bound, and says so."""

import pytest

from tests.lab.searching import TINY, Schedules
from threadlab.program import Program
from threadlab.schedule import Schedule
from threadlab.search.explore import explore


@pytest.mark.parametrize("bound", [0, 1, 2])
def test_bounded_sees_exactly_the_schedules_within_the_bound(bound):
    schedules = Schedules()
    result = explore(TINY, strategy="bounded", bound=bound, watcher=schedules)
    assert result.exhausted
    taken = within(TINY, bound)
    assert set(schedules.taken) == taken
    assert result.executions == len(taken)


def within(spec, bound):
    """The schedules of at most ``bound`` delays, by trying each at each step and turn."""
    simulation, scenario = Program.parse(spec).load(recording=False)
    level, taken = {()}, {()}
    for _ in range(bound):
        level = {
            (*delays, delay)
            for delays in level
            for delay in every_delay(12)
            if not delays or delays[-1] < delay
        }
        kept = set()
        for delays in level:
            simulation.execute(scenario, Schedule(delays))
            if tuple(simulation.kernel.taken) == delays:
                kept.add(delays)
        level = kept
        taken |= kept
    return taken


def every_delay(steps):
    for step in range(steps + 1):
        for skip in range(1, 4):
            if step:
                yield step, 0, skip
            yield from ((step, turn, skip) for turn in range(1, 5))
