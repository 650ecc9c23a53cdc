"""A cache in memory reads a number under its lock, and writes the next one under its lock, but lets
go of it between the two. Of increments at once, some are lost.

Report: Django, ticket 23642: https://github.com/django/django/pull/3347
Versions: Django of October 2014
Kind: lost update
Found: exception AssertionError
Token: 16.1,18.1
"""

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
        value = self.get(key) + 1
        self.set(key, value)
        return value


def visit(cache):
    cache.incr("visits")


def all_are_counted(cache):
    return cache.get("visits") == 2


PARTS = Parts(Cache, [visit, visit], all_are_counted)


def scenario():
    PARTS.run()
