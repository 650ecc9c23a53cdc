"""Two threads call a function that keeps its count in a list of the function that made it."""

import threading

from _parts import NO_LOCK, run, together


def counter(guard):
    total = [0]

    def add():
        with guard:
            total[0] += 1

    return add, total


def scenario(guard):
    add, total = counter(guard)
    together(add, add)
    assert total == [2]


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
