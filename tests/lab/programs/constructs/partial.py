"""Two threads whose target is a partial function add to one item."""

import functools
import operator
import threading

from _parts import NO_LOCK, run, together


def scenario(guard):
    box = [0]

    def add(amount):
        with guard:
            box[0] = operator.add(box[0], amount)

    together(functools.partial(add, 1), functools.partial(add, 2))
    assert box == [3]


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
