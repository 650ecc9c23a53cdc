"""Philosophers who dine one at a time, and a claim that they will never all have dined.

These are the "sat" ones, in which the claim fails. An atomic section, which the study made of a
mutex, keeps them from a deadlock; `tests.benchmarks.yardstick.philosophers` has that one. Only
the count, which is outside of it, can hide the failure: a lost update.
"""

import threading
from functools import partial

from tests.benchmarks.yardstick.parts import Parts


class Table:
    def __init__(self, seats: int) -> None:
        self.atomic = threading.Lock()
        self.x = [threading.Lock() for _ in range(seats)]
        self.phil = 0


def dine(seat: int, state: Table) -> None:
    left, right = seat, (seat + 1) % len(state.x)
    with state.atomic, state.x[right], state.x[left]:
        pass
    state.phil += 1
    assert state.phil != len(state.x)


def dine_and_count(seat: int, state: Table) -> None:
    left, right = seat, (seat + 1) % len(state.x)
    with state.atomic:
        with state.x[right], state.x[left]:
            pass
        state.phil += 1


def have_all_dined(state: Table) -> bool:
    return state.phil == len(state.x)


SEATS = (2, 3, 4, 5, 6, 7)
BAD = {n: Parts(partial(Table, n), [partial(dine, seat) for seat in range(n)]) for n in SEATS}
SOUND = {
    n: Parts(partial(Table, n), [partial(dine_and_count, i) for i in range(n)], have_all_dined)
    for n in SEATS
}


def din_phil2() -> None:
    BAD[2].run()


def din_phil3() -> None:
    BAD[3].run()


def din_phil4() -> None:
    BAD[4].run()


def din_phil5() -> None:
    BAD[5].run()


def din_phil6() -> None:
    BAD[6].run()


def din_phil7() -> None:
    BAD[7].run()


def din_phil2_sound() -> None:
    SOUND[2].run()


def din_phil3_sound() -> None:
    SOUND[3].run()


def din_phil4_sound() -> None:
    SOUND[4].run()


def din_phil5_sound() -> None:
    SOUND[5].run()


def din_phil6_sound() -> None:
    SOUND[6].run()


def din_phil7_sound() -> None:
    SOUND[7].run()
