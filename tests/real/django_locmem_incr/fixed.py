"""The number is read and written in one block of the lock."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Cache:
    def __init__(self):
        self.lock = threading.Lock()
        self.values = {"visits": 0}

    def get(self, key):
        with self.lock:
            return self.values[key]

    def set(self, key, value):
        with self.lock:
            self.values[key] = value

    def incr(self, key):
        with self.lock:
            self.values[key] += 1
            return self.values[key]


def visit(cache):
    cache.incr("visits")


def all_are_counted(cache):
    return cache.get("visits") == 2


PARTS = Parts(Cache, [visit, visit], all_are_counted)


def scenario():
    PARTS.run()
