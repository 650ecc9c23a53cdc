"""Modules side by side in the project's root.

Racy: one thing is sold twice.
"""

import ledger
from stock import Stock
from threading import Thread


def sell(take):
    threads = [Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.notes == ["sold"]


def scenario():
    sell(Stock(1).take)


def racy():
    sell(Stock(1).take_alone)


if __name__ == "__main__":
    scenario()
