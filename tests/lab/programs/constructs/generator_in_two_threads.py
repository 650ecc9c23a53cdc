"""Two threads ask one generator for its next, and it is executing already."""

import threading

from _parts import NO_LOCK, run, together


class Numbers:
    last = 0


def count(numbers):
    while True:
        numbers.last += 1
        yield numbers.last


def scenario(guard):
    numbers = count(Numbers())

    def work():
        with guard:
            next(numbers)

    together(work, work)
    assert next(numbers) == 3


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
