"""Two threads look whether anything is left, and take it."""

import threading

from _parts import NO_LOCK, run, together


def scenario(guard):
    stock = [1]

    def take():
        with guard:
            if (left := len(stock)) > 0:
                assert stock.pop() == left

    together(take, take)


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
