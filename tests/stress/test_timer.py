"""Many threads on one timer, and timers that start and stop all the time."""

import contextlib
import itertools
import random

import pytest

from tests.properties import in_threads

pytestmark = pytest.mark.needs("PeriodicTimer", "TimerStopped")


def test_P2_many_threads_of_all_speeds(world):
    timer = world.subject.PeriodicTimer(0.001)
    got = [[] for _ in range(40)]

    def waiter(number):
        naps = random.Random(number)

        def body():
            while len(got[number]) < 50:
                got[number].append(timer.wait_for_tick())
                if number % 2:  # every other thread is a slow one
                    world.time.sleep(naps.uniform(0, 0.005))

        return body

    def scenario():
        with timer:
            in_threads(world, *map(waiter, range(len(got))))

    world.run(scenario)
    for ticks in got:
        assert ticks == list(range(ticks[0], ticks[0] + 50))


def test_P2_threads_that_come_and_go(world):
    timer = world.subject.PeriodicTimer(0.0005)

    def visitor():
        before = timer.ticks
        first = timer.wait_for_tick()
        assert before < first
        assert [timer.wait_for_tick() for _ in range(3)] == [first + 1, first + 2, first + 3]

    def scenario():
        with timer:
            for _ in range(30):
                in_threads(world, *[visitor] * 8)

    world.run(scenario)


def test_P6_stop_among_many_waiters(world):
    def scenario():
        for stoppers in itertools.islice(itertools.cycle([1, 2, 4]), 30):
            timer = world.subject.PeriodicTimer(0.0005)

            def wait():
                got = []
                with pytest.raises(world.subject.TimerStopped):
                    while True:
                        got.append(timer.wait_for_tick())
                assert got == list(range(timer.ticks - len(got) + 1, timer.ticks + 1))

            def iterate():
                got = list(timer)
                assert got == list(range(timer.ticks - len(got) + 1, timer.ticks + 1))

            def stop():
                with contextlib.suppress(world.subject.TimerStopped):
                    timer.wait_for_tick()
                timer.stop()

            timer.start()
            in_threads(world, *[wait, iterate] * 4, *[stop] * stoppers)

    world.run(scenario)


@pytest.mark.parametrize("interval", [1e-9, 1e-4, 3600.0])
def test_P5_storm_of_starts_and_stops(world, interval):
    def scenario():
        before = set(world.threading.enumerate())
        for _ in range(200):
            timer = world.subject.PeriodicTimer(interval)
            timer.start()
            timer.stop()
            assert set(world.threading.enumerate()) <= before

    world.run(scenario)


def test_P8_storm_of_starts_of_one_timer(world):
    def scenario():
        for _ in range(50):
            timer = world.subject.PeriodicTimer(0.001)
            outcomes = []

            def start():
                try:
                    timer.start()
                    outcomes.append("started")
                except RuntimeError:
                    outcomes.append("refused")

            in_threads(world, *[start] * 4, timer.stop, timer.stop)
            timer.stop()
            assert outcomes.count("started") <= 1
            assert len(outcomes) == 4

    world.run(scenario)


def test_P9_a_timer_without_pause_starves_nobody(world):
    """Always behind, it never waits; everybody else still gets the lock."""

    def scenario():
        with world.subject.PeriodicTimer(1e-9) as timer:

            def waiter():
                first = timer.wait_for_tick()
                got = [timer.wait_for_tick() for _ in range(100)]
                assert got == list(range(first + 1, first + 101))

            in_threads(world, *[waiter] * 4)

    world.run(scenario)
