"""Whoever reads needs no lock, as the map is copied and never changed; whoever writes needs one.

In production: of two features that are turned on in the same second, one stays off.
Mend: a lock for those who write.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations


class Map:
    def __init__(self):
        self._items = {}

    def get(self, key):
        return self._items.get(key)

    def set(self, key, value):
        copy = dict(self._items)
        copy[key] = value
        self._items = copy

    def items(self):
        return sorted(self._items.items())


class SoundMap(Map):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def set(self, key, value):
        with self._lock:
            super().set(key, value)


KEYS = st.sampled_from("abc")
OPERATIONS = {"get": [KEYS], "set": [KEYS, st.integers(0, 3)], "items": []}
Faulty = Operations.of(Map, OPERATIONS)
Sound = Operations.of(SoundMap, OPERATIONS)
