"""``if`` for ``while``: what a consumer was woken for, another one has taken.

In production: under load, and there alone, consumers die of ``pop from an empty deque``.
Mend: look again after each wait.
"""

import threading
from collections import deque

from hypothesis import strategies as st

from threadlab import Operations


class Buffer:
    def __init__(self):
        self._items = deque()
        self._changed = threading.Condition()

    def put(self, item):
        with self._changed:
            if len(self._items) == 2:
                self._changed.wait()
            self._items.append(item)
            self._changed.notify_all()

    def get(self):
        with self._changed:
            if not self._items:
                self._changed.wait()
            item = self._items.popleft()
            self._changed.notify_all()
            return item


class SoundBuffer(Buffer):
    def put(self, item):
        with self._changed:
            while len(self._items) == 2:
                self._changed.wait()
            self._items.append(item)
            self._changed.notify_all()

    def get(self):
        with self._changed:
            while not self._items:
                self._changed.wait()
            item = self._items.popleft()
            self._changed.notify_all()
            return item


OPERATIONS = {"put": [st.integers(0, 3)], "get": []}
Faulty = Operations.of(Buffer, OPERATIONS)
Sound = Operations.of(SoundBuffer, OPERATIONS)
