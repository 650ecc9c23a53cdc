"""The simulated world: its clock, its schedules, and what it makes of a scenario."""

import itertools
import sys
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from tests.lab import gallery
from tests.lab.specs import PROGRAMS
from tests.lab.threads import started
from threadlab.schedule import Schedule
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject

RACY = Subject.load(str(PROGRAMS / "racy.py"), ["Counter"])

# Time


def test_an_hour_passes_at_once_and_exactly(world):
    def scenario():
        begun = world.time.monotonic()
        world.time.sleep(3600)
        return world.time.monotonic() - begun

    before = time.monotonic()
    assert world.execute(scenario) == 3600
    assert time.monotonic() - before < 60


def test_the_process_is_not_patched(world):
    assert world.threading is not threading
    assert world.subject.time is world.time is not time
    assert sys.modules["threading"] is threading
    assert world.threading.__file__ == threading.__file__


# Schedules


def count_to_two(world):
    def scenario():
        counter = world.subject.Counter()
        for thread in started(world, counter.add, counter.add):
            thread.join()
        assert counter.n == 2

    return scenario


def test_the_prompt_schedule_is_the_ordinary_run(world):
    world.execute(count_to_two(world))


def test_two_delays_between_a_read_and_its_write_lose_an_update(world):
    scenario = count_to_two(world)
    world.execute(scenario)
    steps, losing = range(1, world.kernel.steps + 1), []
    for delays in itertools.product(itertools.product(steps, [0], [1]), repeat=2):
        if delays[0] < delays[1]:
            try:
                world.execute(scenario, Schedule(delays))
            except AssertionError:
                losing.append(delays)
    assert losing
    token = str(Schedule(losing[0]))
    fixed = SimulatedWorld(RACY, Schedule.parse(token))
    with pytest.raises(AssertionError) as caught:
        fixed.run(count_to_two(fixed))
    assert caught.value.__notes__[-1] == f"under the schedule {token}"


def test_the_same_schedule_is_the_same_execution(world):
    def scenario():
        order = []
        for thread in started(
            world, *[lambda n=n: order.append((n, world.subject.Counter().add())) for n in range(4)]
        ):
            thread.join()
        return order, world.kernel.steps, world.time.monotonic()

    for token in ["-", "3.2", "2.1,5.3"]:
        schedule = Schedule.parse(token)
        assert world.execute(scenario, schedule) == world.execute(scenario, schedule)


@pytest.mark.parametrize(
    ("token", "steps", "one", "other"),
    [
        ("-", 229, [(1, 1), (2, 2), (3, 3)], [(1, 1), (2, 2), (3, 3)]),
        ("12.1,40.2", 218, [(2, 2), (3, 3)], [(1, 1), (2, 2), (3, 3)]),
        ("30.2,60.1,90.3", 225, [(1, 1), (2, 2), (3, 3)], [(1, 2), (2, 2), (3, 3)]),
    ],
)
def test_a_token_is_the_same_execution_on_every_python(token, steps, one, other):
    """The figures are those of CPython 3.11 to 3.13, which are the same."""
    world = SimulatedWorld(Subject.load("threadprims", ["PeriodicTimer"]))

    def scenario():
        timer = world.subject.PeriodicTimer(1.0)
        got = []

        def waiter():
            mine = []
            for k in timer:
                mine.append((k, world.time.monotonic()))
                if k >= 3:
                    timer.stop()
            got.append(mine)

        with timer:
            for thread in started(world, waiter, waiter):
                thread.join()
        return got

    assert world.execute(scenario, Schedule.parse(token)) == [one, other]
    assert world.kernel.steps == steps


@pytest.mark.once
@pytest.mark.parametrize("seed", range(5))
def test_the_one_bit_flag_loses_ticks_in_at_most_two_delays(seed):
    subject = Subject.load(str(gallery.FOLDER / "one_bit_flag.py"), ["PeriodicTimer"])
    world = SimulatedWorld(subject)
    failing = []

    def scenario():
        timer = world.subject.PeriodicTimer(1.0)
        timer.start()
        got = [timer.wait_for_tick() for _ in range(3)]
        timer.stop()
        assert got == list(range(got[0], got[0] + 3))

    @settings(settings.get_profile("ci"), database=None, derandomize=False)
    @given(st.data())
    def property(data):
        try:
            world.for_example(data).run(scenario)
        except AssertionError as error:
            failing.append(error.__notes__[-1])
            raise

    with pytest.raises(AssertionError):
        seeded(seed)(property)()
    token = failing[-1].removeprefix("under the schedule ")
    assert len(Schedule.parse(token)) <= 2
