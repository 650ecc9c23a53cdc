"""A package with a file of data, read at first use.

Racy: it is there before it is full.
"""

import threading
from contextlib import nullcontext

import menu


def order(lock):
    prices = []

    def guest(name):
        with lock:
            prices.append(menu.dish(name))

    guests = [threading.Thread(target=guest, args=(name,)) for name in ("soup", "fish")]
    for each in guests:
        each.start()
    for each in guests:
        each.join()
    assert sorted(prices) == [4, 9]


def scenario():
    order(threading.Lock())


def racy():
    order(nullcontext())


if __name__ == "__main__":
    scenario()
