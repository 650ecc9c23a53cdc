"""A thread waits at a condition without looking first, and its notify has been."""

import threading

from _parts import run, together


def broken():
    condition = threading.Condition()
    box = []

    def take():
        with condition:
            condition.wait()
            box.pop()

    def give():
        with condition:
            box.append(1)
            condition.notify_all()

    together(take, give)


def sound():
    condition = threading.Condition()
    box = []

    def take():
        with condition:
            condition.wait_for(lambda: box)
            box.pop()

    def give():
        with condition:
            box.append(1)
            condition.notify_all()

    together(take, give)


if __name__ == "__main__":
    run(broken, sound)
