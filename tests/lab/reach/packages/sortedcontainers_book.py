"""sortedcontainers, more_itertools: an order book.

Racy: the best offer is seen, and then taken.
"""

import threading
from contextlib import nullcontext

import more_itertools
from sortedcontainers import SortedDict, SortedList


class Book:
    def __init__(self, lock, offers):
        self.lock = lock
        self.offers = SortedDict(offers)

    def buy(self):
        with self.lock:
            price, seller = self.offers.peekitem(0)
            self.offers.pop(price, None)
        return seller, price


def trade(lock):
    book, deals = Book(lock, {3: "cid", 1: "ada", 2: "bob"}), SortedList()
    threads = [threading.Thread(target=lambda: deals.add(book.buy())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(more_itertools.flatten(deals)) == ["ada", 1, "bob", 2]
    assert more_itertools.one(book.offers) == 3


def scenario():
    trade(threading.Lock())


def racy():
    trade(nullcontext())


if __name__ == "__main__":
    scenario()
