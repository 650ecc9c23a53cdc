"""Three copy a value around a ring, and it agrees only if they do so in their order.

Each step is atomic, by a mutex as in the study; the order, which is the one that they are started
in, is left to chance. The mended ones wait for each other.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Ring:
    def __init__(self) -> None:
        self.atomic = threading.Lock()
        self.changed = threading.Condition(self.atomic)
        self.x1, self.x2, self.x3 = 1, 2, 1
        self.flag1 = self.flag2 = self.flag3 = False


def t1(state: Ring) -> None:
    with state.atomic:
        state.x1 = (state.x3 + 1) % 4
        state.flag1 = True


def t2(state: Ring) -> None:
    with state.atomic:
        state.x2 = state.x1
        state.flag2 = True


def t3(state: Ring) -> None:
    with state.atomic:
        state.x3 = state.x2
        state.flag3 = True


def t4(state: Ring) -> None:
    with state.atomic:
        if state.flag1 and state.flag2 and state.flag3:
            assert state.x1 == state.x2 == state.x3


def first(state: Ring) -> None:
    with state.changed:
        state.x1 = (state.x3 + 1) % 4
        state.flag1 = True
        state.changed.notify_all()


def second(state: Ring) -> None:
    with state.changed:
        while not state.flag1:
            state.changed.wait()
        state.x2 = state.x1
        state.flag2 = True
        state.changed.notify_all()


def third(state: Ring) -> None:
    with state.changed:
        while not state.flag2:
            state.changed.wait()
        state.x3 = state.x2
        state.flag3 = True


BAD = Parts(Ring, [t1, t2, t3, t4])
SOUND = Parts(Ring, [first, second, third, t4], lambda s: s.x1 == s.x2 == s.x3 == 2)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
