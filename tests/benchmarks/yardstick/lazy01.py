"""A check that fails only if it comes after both others, though it is started first."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Data:
    def __init__(self) -> None:
        self.mutex = threading.Lock()
        self.data = 0


def add_one(state: Data) -> None:
    with state.mutex:
        state.data += 1


def add_two(state: Data) -> None:
    with state.mutex:
        state.data += 2


def is_below_three(state: Data) -> None:
    with state.mutex:
        assert state.data < 3


def is_at_most_three(state: Data) -> None:
    with state.mutex:
        assert state.data <= 3


BAD = Parts(Data, [is_below_three, add_two, add_one])
SOUND = Parts(Data, [is_at_most_three, add_two, add_one], lambda state: state.data == 3)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
