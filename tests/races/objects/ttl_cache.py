"""An entry is found to be out of date, and removed after another has written a new one.

In production: each hour, on the hour, some keys are asked of the database twice.
Mend: look and remove under the lock that is held for writing.
"""

import threading
import time

from hypothesis import strategies as st

from threadlab import Operations, operation


class Cache:
    def __init__(self, seconds=60.0):
        self._seconds = seconds
        self._entries = {}
        self._lock = threading.Lock()

    def put(self, key, value):
        with self._lock:
            self._entries[key] = value, time.monotonic() + self._seconds

    def get(self, key):
        value, until = self._entries.get(key, (None, None))
        if until is not None and until <= time.monotonic():
            self._entries.pop(key, None)
            return None
        return value


class SoundCache(Cache):
    def get(self, key):
        with self._lock:
            return super().get(key)


KEYS = st.sampled_from("ab")


class Faulty(Operations):
    cache = Cache

    def __init__(self):
        self.made = self.cache()

    @operation(key=KEYS)
    def get(self, key):
        return self.made.get(key)

    @operation(key=KEYS, value=st.integers(0, 3))
    def put(self, key, value):
        self.made.put(key, value)

    @operation()
    def pass_time(self):
        time.sleep(100)


class Sound(Faulty):
    cache = SoundCache
