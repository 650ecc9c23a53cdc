"""Two threads note in a list what they have counted, in an order that is not the count's."""

import threading

from _parts import NO_LOCK, run, together


class Numbers:
    last = 0


def scenario(guard):
    numbers, log = Numbers(), []

    def write():
        with guard:
            numbers.last += 1
            log.append(numbers.last)

    together(write, write)
    assert log == [1, 2]


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
