"""Two threads call a method that calls the one of its base class, and both count."""

import threading

from _parts import NO_LOCK, run, together


class Base:
    def __init__(self):
        self.total = 0

    def add(self, amount):
        self.total += amount


class Child(Base):
    def __init__(self):
        super().__init__()
        self.times = 0

    def add(self, amount):
        super().add(amount)
        self.times += 1


def scenario(guard):
    child = Child()

    def work():
        with guard:
            child.add(1)

    together(work, work)
    assert (child.total, child.times) == (2, 2)


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
