"""A reader takes a lock for readers and writers twice, and a writer comes in between.

The lock prefers writers: once one waits, no reader gets in, not even one that is in already.
The mended reader takes it once.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class RWLock:
    """``lock_cnt`` counts the readers inside, and is -1 with a writer."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reader_waitq = threading.Condition(self.lock)
        self.writer_waitq = threading.Condition(self.lock)
        self.reader_cnt = 0
        self.writer_cnt = 0
        self.lock_cnt = 0


def lock_to_read(state: RWLock) -> None:
    with state.lock:
        while state.lock_cnt < 0 or state.writer_cnt > 0:
            state.reader_cnt += 1
            state.reader_waitq.wait()
            state.reader_cnt -= 1
        state.lock_cnt += 1


def lock_to_write(state: RWLock) -> None:
    with state.lock:
        while state.lock_cnt != 0:
            state.writer_cnt += 1
            state.writer_waitq.wait()
            state.writer_cnt -= 1
        state.lock_cnt = -1


def unlock(state: RWLock) -> None:
    with state.lock:
        if state.lock_cnt > 0:
            state.lock_cnt -= 1
        else:
            state.lock_cnt = 0
        if state.lock_cnt == 0:
            if state.writer_cnt > 0:
                state.writer_waitq.notify()
            elif state.reader_cnt > 0:
                state.reader_waitq.notify_all()


def read_twice(state: RWLock) -> None:
    lock_to_read(state)
    lock_to_read(state)
    unlock(state)
    unlock(state)


def read_once(state: RWLock) -> None:
    lock_to_read(state)
    unlock(state)


def write(state: RWLock) -> None:
    lock_to_write(state)
    unlock(state)


BAD = Parts(RWLock, [read_twice, write])
SOUND = Parts(RWLock, [read_once, write], lambda state: state.lock_cnt == 0)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
