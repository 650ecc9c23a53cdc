"""Two threads add to a variable of the function around them."""

import threading

from _parts import NO_LOCK, run, together


def scenario(guard):
    total = 0

    def add():
        nonlocal total
        with guard:
            total += 1

    together(add, add)
    assert total == 2


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
