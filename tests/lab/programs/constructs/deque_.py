"""Two threads look whether a deque has an item, and take it."""

import threading
from collections import deque

from _parts import NO_LOCK, run, together


def scenario(guard):
    items = deque([1])

    def take():
        with guard:
            if items:
                items.popleft()

    together(take, take)


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
