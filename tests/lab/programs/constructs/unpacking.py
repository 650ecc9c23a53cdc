"""Two threads swap two attributes in one statement, which is not one step."""

import threading

from _parts import NO_LOCK, run, together


class Pair:
    def __init__(self, guard):
        self.guard = guard
        self.low, self.high = 0, 1

    def swap(self):
        with self.guard:
            self.low, self.high = self.high, self.low


def scenario(guard):
    pair = Pair(guard)
    together(pair.swap, pair.swap)
    assert (pair.low, pair.high) == (0, 1)


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
