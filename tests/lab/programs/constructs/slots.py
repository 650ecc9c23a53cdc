"""Two threads add to an attribute that is in a slot."""

import threading

from _parts import NO_LOCK, run, together


class Point:
    __slots__ = ("x",)

    def __init__(self):
        self.x = 0


def scenario(guard):
    point = Point()

    def work():
        with guard:
            point.x += 1

    together(work, work)
    assert point.x == 2


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
