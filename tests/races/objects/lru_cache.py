"""A cache that locks what it writes, and not what it reads: an entry goes between look and use.

In production: a ``KeyError`` out of a method that returns None for what is not there.
Mend: lock what is read, too; to read moves an entry.
"""

import threading
from collections import OrderedDict

from hypothesis import strategies as st

from threadlab import Operations


class Cache:
    """Of the two entries that were used last."""

    def __init__(self, most=2):
        self._most = most
        self._entries = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key):
        if key not in self._entries:
            return None
        self._entries.move_to_end(key)
        return self._entries[key]

    def put(self, key, value):
        with self._lock:
            self._entries[key] = value
            self._entries.move_to_end(key)
            if len(self._entries) > self._most:
                self._entries.popitem(last=False)


class SoundCache(Cache):
    def get(self, key):
        with self._lock:
            return super().get(key)


KEYS = st.sampled_from("abc")
OPERATIONS = {"get": [KEYS], "put": [KEYS, st.integers(0, 3)]}
Faulty = Operations.of(Cache, OPERATIONS)
Sound = Operations.of(SoundCache, OPERATIONS)
