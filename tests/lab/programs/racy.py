"""A count that two threads may lose, and what else a world is tried with."""

import time


class Counter:
    def __init__(self):
        self.n = 0

    def add(self):
        self.n += 1


def spin(event):
    while not event.is_set():
        pass


def spin_until(deadline):
    while time.monotonic() < deadline:
        pass


def fail():
    raise ValueError("on line 25")
