"""One counts under a lock and looks whether it was alone; seven others have another lock."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Data:
    def __init__(self) -> None:
        self.data_lock = threading.Lock()
        self.this_lock = threading.Lock()
        self.data = 0


def count_alone(state: Data) -> None:
    with state.data_lock:
        x = state.data
        state.data += 1
        assert state.data == x + 1


def count(state: Data) -> None:
    with state.this_lock:
        state.data += 1


def count_under_the_lock(state: Data) -> None:
    with state.data_lock:
        state.data += 1


BAD = Parts(Data, [count_alone, *[count] * 7])
SOUND = Parts(Data, [count_alone, *[count_under_the_lock] * 7], lambda state: state.data == 8)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
