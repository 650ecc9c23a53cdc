"""A reentrant lock built by hand clears its owner after it has let go: that of the next one.

In production: a thread waits for a lock that it holds itself.
Mend: clear the owner first.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations, operation


class Lock:
    def __init__(self):
        self._lock = threading.Lock()
        self._owner = None
        self._depth = 0

    def acquire(self):
        me = threading.get_ident()
        if self._owner != me:
            self._lock.acquire()
            self._owner = me
        self._depth += 1

    def release(self):
        self._depth -= 1
        if self._depth == 0:
            self._lock.release()
            self._owner = None


class SoundLock(Lock):
    def release(self):
        self._depth -= 1
        if self._depth == 0:
            self._owner = None
            self._lock.release()


class Faulty(Operations):
    lock = Lock

    def __init__(self):
        self.made = self.lock()
        self.total = 0

    @operation(depth=st.integers(1, 2))
    def add(self, depth):
        """Under the lock, taken so many times."""
        for _ in range(depth):
            self.made.acquire()
        self.total += depth
        for _ in range(depth):
            self.made.release()


class Sound(Faulty):
    lock = SoundLock
