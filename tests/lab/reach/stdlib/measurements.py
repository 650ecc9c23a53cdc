"""statistics, decimal and fractions.

Racy: a running mean is made of two variables, bare.
"""

import statistics
import threading
from contextlib import nullcontext
from decimal import Decimal, localcontext
from fractions import Fraction


class Mean:
    def __init__(self, lock):
        self.lock = lock
        self.count, self.mean = 0, Fraction(0)

    def add(self, value):
        with self.lock:
            self.count += 1
            self.mean += (Fraction(value) - self.mean) / self.count


def measure(lock):
    mean, values = Mean(lock), [Decimal("1.5"), Decimal("2.5")]

    def sensor(value):
        with localcontext(prec=value.adjusted() + 3):
            mean.add(value)

    threads = [threading.Thread(target=sensor, args=(value,)) for value in values]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mean.mean == Fraction(statistics.mean(values))


def scenario():
    measure(threading.Lock())


def racy():
    measure(nullcontext())


if __name__ == "__main__":
    scenario()
