"""To get a value takes the lock, too, since it changes the order."""

import threading
from collections import deque

from tests.benchmarks.yardstick.parts import Parts


class Cache:
    def __init__(self):
        self.lock = threading.Lock()
        self.values = {"index.html": 1, "about.html": 2}
        self.order = deque(self.values)

    def get(self, key):
        with self.lock:
            value = self.values[key]
            if self.order[-1] != key:
                self.order.remove(key)
                self.order.append(key)
            return value

    def set(self, key, value):
        with self.lock:
            if key in self.values:
                self.order.remove(key)
            self.order.append(key)
            self.values[key] = value


def reader(cache):
    cache.get("index.html")


def writer(cache):
    cache.set("index.html", 3)


PARTS = Parts(Cache, [reader, writer])


def scenario():
    PARTS.run()
