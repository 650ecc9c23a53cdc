"""Two classes of operations exclude each other, and one waits for that with the mutex held."""

import threading
from functools import partial

from tests.benchmarks.yardstick.parts import Parts


class Classes:
    """``a`` and ``b`` count the operations of each class, under a mutex: the same one or not."""

    def __init__(self, one_mutex: bool) -> None:
        self.m_a = threading.Lock()
        self.m_b = self.m_a if one_mutex else threading.Lock()
        self.l = threading.Lock()
        self.a = 0
        self.b = 0


def operate_a(state: Classes) -> None:
    with state.m_a:
        state.a += 1
        if state.a == 1:
            state.l.acquire()
    with state.m_a:
        state.a -= 1
        if state.a == 0:
            state.l.release()


def operate_b(state: Classes) -> None:
    with state.m_b:
        state.b += 1
        if state.b == 1:
            state.l.acquire()
    with state.m_b:
        state.b -= 1
        if state.b == 0:
            state.l.release()


def nothing(state: Classes) -> None:
    """The original has two threads more, which end at once."""


BAD = Parts(partial(Classes, True), [operate_a, operate_b, nothing, nothing])
SOUND = Parts(partial(Classes, False), [operate_a, operate_b, nothing, nothing])


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
