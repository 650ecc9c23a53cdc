"""Two threads replace the items of a list by what a comprehension makes of them."""

import threading

from _parts import NO_LOCK, run, together


def scenario(guard):
    numbers = [0, 0]

    def shift():
        with guard:
            numbers[:] = [number + 1 for number in numbers]

    together(shift, shift)
    assert numbers == [2, 2]


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
