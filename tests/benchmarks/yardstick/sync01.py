"""A producer waits for a place, and the consumer, who is to make it, forgets to.

It hangs on every schedule; what it takes is a tool that knows a deadlock at a condition.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Place:
    """``num`` is how many things are in the one place, at first one."""

    def __init__(self) -> None:
        self.m = threading.Lock()
        self.empty = threading.Condition(self.m)
        self.full = threading.Condition(self.m)
        self.num = 1


def produce(state: Place) -> None:
    with state.m:
        while state.num > 0:
            state.empty.wait()
        state.num += 1
    with state.m:
        state.full.notify()


def look(state: Place) -> None:
    with state.m:
        while state.num == 0:
            state.full.wait()
    with state.m:
        state.empty.notify()


def consume(state: Place) -> None:
    with state.m:
        while state.num == 0:
            state.full.wait()
        state.num -= 1
    with state.m:
        state.empty.notify()


BAD = Parts(Place, [produce, look])
SOUND = Parts(Place, [produce, consume], lambda state: state.num == 1)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
