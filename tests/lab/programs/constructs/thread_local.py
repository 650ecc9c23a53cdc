"""Two threads keep a number in one place, of which each needs one of its own."""

import threading

from _parts import run, together


class Place:
    pass


def scenario(place):
    def work(number):
        place.number = number
        assert place.number == number

    together(lambda: work(1), lambda: work(2))


def broken():
    scenario(Place())


def sound():
    scenario(threading.local())


if __name__ == "__main__":
    run(broken, sound)
