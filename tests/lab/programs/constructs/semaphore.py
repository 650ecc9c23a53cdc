"""A semaphore with two places keeps nobody out."""

import threading

from _parts import run, together


def scenario(value):
    places = threading.Semaphore(value)
    box = [0]

    def work():
        with places:
            box[0] += 1

    together(work, work)
    assert box == [2]


def broken():
    scenario(value=2)


def sound():
    scenario(value=1)


if __name__ == "__main__":
    run(broken, sound)
