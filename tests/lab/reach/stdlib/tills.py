"""threading.Lock and a subclass of Thread: two tills count into one ledger.

Racy: without lock.
"""

import threading
from contextlib import nullcontext


class Ledger:
    def __init__(self, lock):
        self.lock = lock
        self.total = 0

    def book(self, amount):
        with self.lock:
            self.total += amount


class Till(threading.Thread):
    def __init__(self, ledger, amounts):
        super().__init__(name=f"till for {sum(amounts)}")
        self.ledger = ledger
        self.amounts = amounts

    def run(self):
        for amount in self.amounts:
            self.ledger.book(amount)


def sell(lock):
    ledger = Ledger(lock)
    tills = [Till(ledger, [5, 10]), Till(ledger, [1, 2])]
    for till in tills:
        till.start()
    for till in tills:
        till.join()
    assert ledger.total == 18


def scenario():
    sell(threading.Lock())


def racy():
    sell(nullcontext())


if __name__ == "__main__":
    scenario()
