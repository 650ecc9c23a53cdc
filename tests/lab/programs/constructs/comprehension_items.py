"""A comprehension reads an attribute of each item, while a thread sets one after the other."""

import threading

from _parts import NO_LOCK, run, together


class Item:
    def __init__(self):
        self.price = 1


def scenario(guard):
    items = [Item(), Item()]

    def total():
        with guard:
            assert sum(item.price for item in items) % 2 == 0
            assert {item.price for item in items}
            assert len({item.price: 0 for item in items}) == 1

    def rise():
        with guard:
            for item in items:
                item.price = 2

    together(total, rise)


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
