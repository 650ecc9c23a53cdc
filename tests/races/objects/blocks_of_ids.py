"""Numbers are taken from a block, and a new block when it is used up; in between comes another.

In production: ``duplicate key``, once in a few weeks, from a generator of unique numbers.
Mend: take the block and the number under one lock.
"""

import threading

from threadlab import Operations


class Ids:
    def __init__(self, size=3):
        self._size = size
        self._next = 0
        self._end = 0
        self._reserved = 0
        self._lock = threading.Lock()

    def _reserve(self):
        with self._lock:
            begin = self._reserved
            self._reserved += self._size
        self._next, self._end = begin, begin + self._size

    def next(self):
        if self._next == self._end:
            self._reserve()
        with self._lock:
            self._next += 1
            return self._next


class SoundIds(Ids):
    def next(self):
        with self._lock:
            if self._next == self._end:
                self._next = self._reserved
                self._reserved += self._size
                self._end = self._reserved
            self._next += 1
            return self._next


Faulty = Operations.of(Ids, {"next": []})
Sound = Operations.of(SoundIds, {"next": []})
