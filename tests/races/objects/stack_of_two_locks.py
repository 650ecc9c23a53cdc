"""The size is looked at under one lock, and an item taken under another: there is none by then.

In production: once a week a worker dies of an ``IndexError`` that ``pop`` is said never to raise.
Mend: one lock, held from the look to the taking.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations


class Stack:
    """``pop`` returns None if there is nothing."""

    def __init__(self):
        self._size_lock = threading.Lock()
        self._items_lock = threading.Lock()
        self._size = 0
        self._items = []

    def push(self, item):
        with self._items_lock:
            self._items.append(item)
        with self._size_lock:
            self._size += 1

    def pop(self):
        with self._size_lock:
            if self._size == 0:
                return None
        with self._items_lock:
            item = self._items.pop()
        with self._size_lock:
            self._size -= 1
        return item


class SoundStack:
    def __init__(self):
        self._lock = threading.Lock()
        self._items = []

    def push(self, item):
        with self._lock:
            self._items.append(item)

    def pop(self):
        with self._lock:
            return self._items.pop() if self._items else None


OPERATIONS = {"push": [st.integers(0, 3)], "pop": []}
Faulty = Operations.of(Stack, OPERATIONS)
Sound = Operations.of(SoundStack, OPERATIONS)
