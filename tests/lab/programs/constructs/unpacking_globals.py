"""Two threads swap two variables of the module in one statement."""

import threading

from _parts import NO_LOCK, run, together

low, high = 0, 1


def scenario(guard):
    global low, high
    low, high = 0, 1

    def swap():
        global low, high
        with guard:
            low, high = high, low

    together(swap, swap)
    assert (low, high) == (0, 1)


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
