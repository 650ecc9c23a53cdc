"""Two threads count in a dictionary that begins each count by itself."""

import threading
from collections import defaultdict

from _parts import NO_LOCK, run, together


def scenario(guard):
    counts = defaultdict(int)

    def count():
        with guard:
            counts["x"] += 1

    together(count, count)
    assert counts == {"x": 2}


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
