"""Two values that belong together are written in two stages, each under a lock of its own.

Only before any writer has got to the second stage can a reader see the first alone, so that it
gets harder with each writer. The plain one has one of each; how many of the threads read in the
others is as published: ten of twenty, ten of fifty, one of a hundred.
"""

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


def have_both(state: Stages) -> bool:
    return state.data2 == 2


READ = {20: 10, 50: 10, 100: 1}
"""By the number of threads: how many of them read, which are started last."""

BAD = Parts(Stages, [write, read])
SOUND = Parts(Stages, [write_both, read], have_both)
MANY_BAD = {n: Parts(Stages, [write] * (n - some) + [read] * some) for n, some in READ.items()}
MANY_SOUND = {
    n: Parts(Stages, [write_both] * (n - some) + [read] * some, have_both)
    for n, some in READ.items()
}


def scenario() -> None:
    BAD.run()


def twostage_20() -> None:
    MANY_BAD[20].run()


def twostage_50() -> None:
    MANY_BAD[50].run()


def twostage_100() -> None:
    MANY_BAD[100].run()


def sound() -> None:
    SOUND.run()


def twostage_20_sound() -> None:
    MANY_SOUND[20].run()


def twostage_50_sound() -> None:
    MANY_SOUND[50].run()


def twostage_100_sound() -> None:
    MANY_SOUND[100].run()
