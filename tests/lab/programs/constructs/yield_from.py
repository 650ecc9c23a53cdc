"""Two threads send to a generator that passes it on to another, and both add to one box."""

import threading

from _parts import NO_LOCK, run, together


class Box:
    value = 0


def inner(box):
    while True:
        step = yield box.value
        box.value += step


def outer(box):
    yield from inner(box)


def scenario(guard):
    box = Box()

    def work():
        with guard:
            sums = outer(box)
            next(sums)
            sums.send(2)

    together(work, work)
    assert box.value == 4


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
