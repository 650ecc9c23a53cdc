"""A producer of two things and a consumer of two, where two are there already.

The producer starts only when both are gone, and nobody is left to take what it has produced first.
It hangs on every schedule.
"""

import threading
from functools import partial

from tests.benchmarks.yardstick.parts import Parts

N = 2


class Place:
    """``num`` is how many things are in the one place."""

    def __init__(self, num: int) -> None:
        self.m = threading.Lock()
        self.empty = threading.Condition(self.m)
        self.full = threading.Condition(self.m)
        self.num = num


def produce(state: Place) -> None:
    i = 0
    while i < N:
        with state.m:
            while state.num > 0:
                state.empty.wait()
            state.num += 1
        with state.m:
            state.full.notify()
        i += 1


def consume(state: Place) -> None:
    j = 0
    while j < N:
        with state.m:
            while state.num == 0:
                state.full.wait()
            state.num -= 1
        with state.m:
            state.empty.notify()
        j += 1


BAD = Parts(partial(Place, 2), [produce, consume])
SOUND = Parts(partial(Place, 0), [produce, consume], lambda state: state.num == 0)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
