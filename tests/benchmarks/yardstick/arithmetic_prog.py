"""Three numbers, handed over one by one, are summed, and the sum is said not to be what it is.

It fails on every schedule; what it takes is a simulation of conditions that gets to the end.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts

N = 3


class Sum:
    def __init__(self) -> None:
        self.m = threading.Lock()
        self.empty = threading.Condition(self.m)
        self.full = threading.Condition(self.m)
        self.num = 0
        self.total = 0
        self.flag = False


def produce(state: Sum) -> None:
    i = 0
    while i < N:
        with state.m:
            while state.num > 0:
                state.empty.wait()
            state.num += 1
        with state.m:
            state.full.notify()
        i += 1


def consume(state: Sum) -> None:
    j = 0
    while j < N:
        with state.m:
            while state.num == 0:
                state.full.wait()
            state.total = state.total + j
            state.num -= 1
        with state.m:
            state.empty.notify()
        j += 1
    state.total = state.total + j
    state.flag = True


def is_not_the_sum(state: Sum) -> bool:
    return not state.flag or state.total != N * (N + 1) // 2


def is_the_sum(state: Sum) -> bool:
    return state.flag and state.total == N * (N + 1) // 2


BAD = Parts(Sum, [produce, consume], is_not_the_sum)
SOUND = Parts(Sum, [produce, consume], is_the_sum)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
