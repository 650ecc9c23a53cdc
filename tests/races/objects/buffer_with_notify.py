"""One ``notify`` on a condition that producers and consumers share: it wakes one of the wrong kind.

In production: with one worker all is well; with eight, all of them sleep, some on a full buffer.
Mend: a condition for those who wait for room, another for those who wait for items.
"""

import threading
from collections import deque

from hypothesis import strategies as st

from threadlab import Operations


class Buffer:
    def __init__(self, room=1):
        self._room = room
        self._items = deque()
        self._changed = threading.Condition()

    def put(self, item):
        with self._changed:
            while len(self._items) == self._room:
                self._changed.wait()
            self._items.append(item)
            self._changed.notify()

    def get(self):
        with self._changed:
            while not self._items:
                self._changed.wait()
            item = self._items.popleft()
            self._changed.notify()
            return item


class SoundBuffer:
    def __init__(self, room=1):
        self._room = room
        self._items = deque()
        lock = threading.Lock()
        self._filled = threading.Condition(lock)
        self._freed = threading.Condition(lock)

    def put(self, item):
        with self._freed:
            while len(self._items) == self._room:
                self._freed.wait()
            self._items.append(item)
            self._filled.notify()

    def get(self):
        with self._filled:
            while not self._items:
                self._filled.wait()
            item = self._items.popleft()
            self._freed.notify()
            return item


OPERATIONS = {"put": [st.integers(0, 3)], "get": []}
Faulty = Operations.of(Buffer, OPERATIONS)
Sound = Operations.of(SoundBuffer, OPERATIONS)
