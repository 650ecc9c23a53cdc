"""A latch that counts down without a lock: of two that arrive at once, one is not counted.

In production: the start of all services is waited for; they have started, and it is waited still.
Mend: count down under the lock of the condition.
"""

import threading

from threadlab import Operations


class Latch:
    """``wait`` returns when ``arrive`` has been called twice."""

    def __init__(self, count=2):
        self._left = count
        self._open = threading.Event()

    def arrive(self):
        self._left -= 1
        if self._left == 0:
            self._open.set()

    def wait(self):
        self._open.wait()


class SoundLatch(Latch):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def arrive(self):
        with self._lock:
            super().arrive()


Faulty = Operations.of(Latch, {"arrive": [], "wait": []})
Sound = Operations.of(SoundLatch, {"arrive": [], "wait": []})
