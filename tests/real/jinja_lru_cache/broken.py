"""A cache keeps its keys in the order of their use. To get a value moves its key to the end, in two
steps and without the lock; to set one, under the lock, may come between them, and misses the key.

Report: Jinja, issue 8: https://github.com/pallets/jinja/issues/8
Versions: Jinja of November 2010
Kind: check then act
Found: exception ValueError
Token: 14.1,16.1,21.1
"""

import threading
from collections import deque

from tests.benchmarks.yardstick.parts import Parts


class Cache:
    def __init__(self):
        self.lock = threading.Lock()
        self.values = {"index.html": 1, "about.html": 2}
        self.order = deque(self.values)

    def get(self, key):
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
