"""A ring for one producer and one consumer needs no lock; here there are two of each.

In production: since the second reader was added, some packets are seen twice and some never.
Mend: a lock for each end.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations


class Ring:
    """``put`` says whether there was room, ``get`` returns None if there is nothing."""

    def __init__(self, room=2):
        self._slots = [None] * room
        self._first = 0  # is written by who gets
        self._end = 0  # is written by who puts

    def put(self, item):
        end = self._end
        if end - self._first == len(self._slots):
            return False
        self._slots[end % len(self._slots)] = item
        self._end = end + 1
        return True

    def get(self):
        first = self._first
        if first == self._end:
            return None
        item = self._slots[first % len(self._slots)]
        self._first = first + 1
        return item


class SoundRing(Ring):
    def __init__(self):
        super().__init__()
        self._put_lock = threading.Lock()
        self._get_lock = threading.Lock()

    def put(self, item):
        with self._put_lock:
            return super().put(item)

    def get(self):
        with self._get_lock:
            return super().get()


OPERATIONS = {"put": [st.integers(0, 3)], "get": []}
Faulty = Operations.of(Ring, OPERATIONS)
Sound = Operations.of(SoundRing, OPERATIONS)
