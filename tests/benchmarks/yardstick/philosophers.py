"""Philosophers who each hold the right fork and wait for the left one, for ever.

Not one of the study's programs: it is `tests.benchmarks.yardstick.din_phil` without the atomic
section and the claim, so that what is left is the deadlock. It needs a switch in each of the
threads, so that it gets harder with each seat, as `tests.benchmarks.yardstick.reorder` does.
"""

import threading
from functools import partial

from tests.benchmarks.yardstick.parts import Parts


class Table:
    def __init__(self, seats: int) -> None:
        self.x = [threading.Lock() for _ in range(seats)]


def dine(seat: int, state: Table) -> None:
    left, right = seat, (seat + 1) % len(state.x)
    with state.x[right], state.x[left]:
        pass


def dine_in_order(seat: int, state: Table) -> None:
    first, second = sorted((seat, (seat + 1) % len(state.x)))
    with state.x[first], state.x[second]:
        pass


SEATS = (2, 3, 4, 5)
BAD = {n: Parts(partial(Table, n), [partial(dine, seat) for seat in range(n)]) for n in SEATS}
SOUND = {n: Parts(partial(Table, n), [partial(dine_in_order, i) for i in range(n)]) for n in SEATS}


def philosophers2() -> None:
    BAD[2].run()


def philosophers3() -> None:
    BAD[3].run()


def philosophers4() -> None:
    BAD[4].run()


def philosophers5() -> None:
    BAD[5].run()


def philosophers2_sound() -> None:
    SOUND[2].run()


def philosophers3_sound() -> None:
    SOUND[3].run()


def philosophers4_sound() -> None:
    SOUND[4].run()


def philosophers5_sound() -> None:
    SOUND[5].run()
