"""Two threads call a function of the module beside this one, which counts there."""

import threading

import _beside
from _parts import NO_LOCK, run, together


def scenario(guard):
    _beside.total = 0

    def work():
        with guard:
            _beside.add()

    together(work, work)
    _beside.total -= 1
    assert _beside.total == 1


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
