"""One counts under a lock and looks whether it was alone; the others have another lock."""

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
BAD_3 = Parts(Data, [count_alone, *[count] * 3])
SOUND = Parts(Data, [count_alone, *[count_under_the_lock] * 7], lambda state: state.data == 8)
SOUND_3 = Parts(Data, [count_alone, *[count_under_the_lock] * 3], lambda state: state.data == 4)


def scenario() -> None:
    BAD.run()


def wronglock_3() -> None:
    BAD_3.run()


def sound() -> None:
    SOUND.run()


def wronglock_3_sound() -> None:
    SOUND_3.run()
