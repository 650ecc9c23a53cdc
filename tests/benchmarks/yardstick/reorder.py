"""Many set two values, one after the other, and one looks for a moment at which they disagree.

There is one only while no setter at all has got to its second write. As all of them are started
before the one that looks, each has to be held up, so that it gets harder with each of them.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Values:
    def __init__(self) -> None:
        self.m = threading.Lock()
        self.a = 0
        self.b = 0


def set_both(state: Values) -> None:
    state.a = 1
    state.b = -1


def check_both(state: Values) -> None:
    assert (state.a == 0 and state.b == 0) or (state.a == 1 and state.b == -1)


def set_at_once(state: Values) -> None:
    with state.m:
        set_both(state)


def check_at_once(state: Values) -> None:
    with state.m:
        check_both(state)


THREADS = (3, 4, 5, 10)
BAD = {n: Parts(Values, [*[set_both] * (n - 1), check_both]) for n in THREADS}
SOUND = {n: Parts(Values, [*[set_at_once] * (n - 1), check_at_once]) for n in THREADS}


def reorder_3() -> None:
    BAD[3].run()


def reorder_4() -> None:
    BAD[4].run()


def reorder_5() -> None:
    BAD[5].run()


def reorder_10() -> None:
    BAD[10].run()


def reorder_3_sound() -> None:
    SOUND[3].run()


def reorder_4_sound() -> None:
    SOUND[4].run()


def reorder_5_sound() -> None:
    SOUND[5].run()


def reorder_10_sound() -> None:
    SOUND[10].run()
