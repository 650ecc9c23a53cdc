"""Threads that are held up: until when, and that nothing hangs for it."""

from itertools import combinations

import pytest

from tests.lab.specs import construct
from threadlab.program import Program
from threadlab.schedule import Schedule
from threadlab.strategies.holds import Holding, Holds

pytestmark = pytest.mark.once

WAITING = """
import threading
import time

def scenario():
    begun, done = [], []

    def work():
        begun.append(1)
        done.append(1)

    def wait():
        while not done:
            {pause}

    threads = [threading.Thread(target=target) for target in (wait, work, wait)]
    for thread in threads:
        thread.start()
    wait()
    for thread in threads:
        thread.join()
    return time.monotonic()
"""


class Held:
    """A program that is executed under holds."""

    def __init__(self, spec):
        self._simulation, self._scenario = Program.parse(spec).load(recording=False)
        self.kernel = self._simulation.kernel
        self.kernel.limit = 50_000
        self._simulation.execute(self._scenario)
        self.steps = range(1, self.kernel.steps + 1)

    def under(self, *holds):
        return self._simulation.execute(self._scenario, Holding(self.kernel, Holds(holds)))

    def fails_under(self, plan):
        try:
            self._simulation.execute(self._scenario, plan)
        except AssertionError:
            return True
        return False


def test_one_hold_shows_what_takes_two_delays():
    held = Held(construct("nonlocal_"))
    failing = []
    for step in held.steps:
        if held.fails_under(Holding(held.kernel, Holds([step]))):
            failing.append(Schedule(held.kernel.taken))
        assert not held.fails_under(Schedule.at_steps([(step, 1)]))
    assert failing
    assert all(map(held.fails_under, failing))  # it is a schedule of delays like any other


@pytest.mark.parametrize("pause", ["pass", "time.sleep(0)"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_who_waits_without_blocking_gets_what_it_waits_for(script, pause, count):
    """All that is not held up waits for what is, so that the hold must end."""
    held = Held(script(WAITING.format(pause=pause)))
    for holds in combinations(held.steps[:14], count):
        assert held.under(*holds) == 0, holds


def test_no_time_passes_while_somebody_could_run(script):
    held = Held(
        script("""
            import threading
            import time

            def scenario():
                at = []

                def work():
                    time.sleep(1)
                    here = time.monotonic()
                    here = here + 0
                    at.append((here, time.monotonic()))

                def sleep():
                    time.sleep(2)

                threads = [threading.Thread(target=target) for target in (work, sleep, work)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                return at, time.monotonic()
        """)
    )
    for holds in [(), *combinations(held.steps, 1), *combinations(held.steps, 2)]:
        assert held.under(*holds) == ([(1, 1), (1, 1)], 2), holds


def test_who_is_held_up_goes_on_when_no_other_can(script):
    held = Held(
        script("""
            import threading

            def scenario():
                order = []

                def work(name):
                    order.append(name)
                    order.append(name)

                threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                return "".join(order)
        """)
    )
    assert held.under() == "aabbcc"
    seen = {held.under(*holds) for holds in combinations(held.steps, 2)}
    assert {"abbcca", "aabccb"} <= seen  # held up until all the others have ended
    assert "abccba" not in seen  # whoever was held up first, goes on first
    assert "abccab" in seen
