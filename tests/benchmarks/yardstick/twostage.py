"""Two values that belong together are written in two stages, each under a lock of its own."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Stages:
    def __init__(self) -> None:
        self.data1_lock = threading.Lock()
        self.data2_lock = threading.Lock()
        self.data1 = 0
        self.data2 = 0


def write(state: Stages) -> None:
    with state.data1_lock:
        state.data1 = 1
    with state.data2_lock:
        state.data2 = state.data1 + 1


def read(state: Stages) -> None:
    with state.data1_lock:
        if state.data1 == 0:
            return
        t1 = state.data1
    with state.data2_lock:
        t2 = state.data2
    assert t2 == t1 + 1


def write_both(state: Stages) -> None:
    with state.data1_lock:
        state.data1 = 1
        with state.data2_lock:
            state.data2 = state.data1 + 1


BAD = Parts(Stages, [write, read])
SOUND = Parts(Stages, [write_both, read], lambda state: state.data2 == 2)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
