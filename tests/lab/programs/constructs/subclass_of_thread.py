"""Threads of a class of their own add to what all of that class share."""

import threading

from _parts import NO_LOCK, run


class Adder(threading.Thread):
    totals = [0]

    def __init__(self, amount, guard):
        super().__init__(name=f"adds {amount}")
        self.amount = amount
        self.guard = guard

    def run(self):
        with self.guard:
            self.totals[0] += self.amount


def scenario(guard):
    Adder.totals = [0]
    adders = [Adder(1, guard), Adder(2, guard)]
    for adder in adders:
        adder.start()
    for adder in adders:
        adder.join()
    assert Adder.totals == [3]


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
