"""Two threads set a variable of the module to one more, within an expression."""

import threading

from _parts import NO_LOCK, run, together

last = 0


def scenario(guard):
    global last
    last = 0

    def add():
        global last
        with guard:
            print(last := last + 1)

    together(add, add)
    assert last == 2


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
