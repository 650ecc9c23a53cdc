"""A thread waits at a condition of which nobody notifies it."""

import threading

from _parts import run, together


def broken():
    condition = threading.Condition()
    box = []

    def take():
        with condition:
            while not box:
                condition.wait()
            box.pop()

    def give():
        with condition:
            box.append(1)

    together(take, give)


def sound():
    condition = threading.Condition()
    box = []

    def take():
        with condition:
            while not box:
                condition.wait()
            box.pop()

    def give():
        with condition:
            box.append(1)
            condition.notify_all()

    together(take, give)


if __name__ == "__main__":
    run(broken, sound)
