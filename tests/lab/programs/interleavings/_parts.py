"""What the programs of this folder share.

Each of them ends in more than one way, or looks as if it could, has as few steps as it takes, so
that all of its interleavings can be made, and returns what it has seen.
"""

from threading import Thread


class Box:
    def __init__(self):
        self.items = []
        self.n = 0
        self.rows = {0: []}

    def get(self):
        return self.items


def go(*fs):
    ts = [Thread(target=f) for f in fs]
    for t in ts:
        t.start()
    for t in ts:
        t.join()


def two(a, b):
    """``b`` is run by who calls this."""
    t = Thread(target=a)
    t.start()
    b()
    t.join()
