"""What is left is looked at, then taken: of two that see the last one, both have it.

In production: the partner's gateway locks the account, for 101 requests in a minute.
Mend: look and take under a lock.
"""

import threading
import time

from threadlab import Operations, operation


class Limiter:
    """Allows so many in each window of time, which begins with the first of them."""

    def __init__(self, most=2, seconds=60.0):
        self._most = most
        self._seconds = seconds
        self._until = 0.0
        self._left = 0

    def allow(self):
        now = time.monotonic()
        if now >= self._until:
            self._left = self._most
            self._until = now + self._seconds
        if self._left == 0:
            return False
        self._left -= 1
        return True


class SoundLimiter(Limiter):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def allow(self):
        with self._lock:
            return super().allow()


class Faulty(Operations):
    limiter = Limiter

    def __init__(self):
        self.made = self.limiter()

    @operation()
    def allow(self):
        return self.made.allow()

    @operation()
    def pass_time(self):
        time.sleep(100)


class Sound(Faulty):
    limiter = SoundLimiter
