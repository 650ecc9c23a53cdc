"""Two threads call a lambda that sets an attribute to one more."""

import threading

from _parts import NO_LOCK, run, together


class Box:
    value = 0


def scenario(guard):
    box = Box()
    add = lambda: setattr(box, "value", box.value + 1)

    def work():
        with guard:
            add()

    together(work, work)
    assert box.value == 2


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
