"""Many set two values, one after the other, and others look for a moment at which they disagree.

There is one only while no setter at all has got to its second write. As all of them are started
before those that look, each has to be held up, so that it gets harder with each of them.

How many set and how many look is as published: one looks, but for the twenty (ten and ten) and
the fifty (forty and ten).
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


LOOK = {3: 1, 4: 1, 5: 1, 10: 1, 20: 10, 50: 10, 100: 1}
"""By the number of threads: how many of them look, which are started last."""

BAD = {n: Parts(Values, [set_both] * (n - look) + [check_both] * look) for n, look in LOOK.items()}
SOUND = {
    n: Parts(Values, [set_at_once] * (n - look) + [check_at_once] * look)
    for n, look in LOOK.items()
}


def reorder_3() -> None:
    BAD[3].run()


def reorder_4() -> None:
    BAD[4].run()


def reorder_5() -> None:
    BAD[5].run()


def reorder_10() -> None:
    BAD[10].run()


def reorder_20() -> None:
    BAD[20].run()


def reorder_50() -> None:
    BAD[50].run()


def reorder_100() -> None:
    BAD[100].run()


def reorder_3_sound() -> None:
    SOUND[3].run()


def reorder_4_sound() -> None:
    SOUND[4].run()


def reorder_5_sound() -> None:
    SOUND[5].run()


def reorder_10_sound() -> None:
    SOUND[10].run()


def reorder_20_sound() -> None:
    SOUND[20].run()


def reorder_50_sound() -> None:
    SOUND[50].run()


def reorder_100_sound() -> None:
    SOUND[100].run()
