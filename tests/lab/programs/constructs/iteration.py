"""A thread puts an item into a dictionary that another one goes through."""

import threading

from _parts import NO_LOCK, run, together


def scenario(guard):
    numbers = {1: 1, 2: 2}

    def total():
        with guard:
            for number in numbers:
                numbers[number]

    def put():
        with guard:
            numbers[3] = 3

    together(total, put)


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
