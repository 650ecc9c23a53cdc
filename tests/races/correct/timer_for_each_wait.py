"""A countdown that is woken: before each wait it sets a `threading.Timer`, then takes a lock.

The lock is let go by whichever comes first, that timer or the termination.
"""

import threading
import time

from _arguments import count, function, seconds, tell


class Wake:
    """A lock that is taken, and that one of those who may let go lets go."""

    def __init__(self):
        self._asleep = threading.Semaphore(0)

    def __call__(self):
        self._asleep.release()

    def sleep(self, length):
        timer = threading.Timer(length, self)
        timer.start()
        try:
            self._asleep.acquire()
        finally:
            timer.cancel()
            timer.join()


class CountdownTask:
    def __init__(self, *, interval=1.0, emit=print):
        self._interval = seconds("interval", interval)
        self._emit = function("emit", emit)
        self._lock = threading.RLock()
        self._wakes = {}
        self._over = False

    @property
    def terminated(self):
        return self._over

    def terminate(self):
        with self._lock:
            self._over = True
            for wake in list(self._wakes.values()):
                wake()

    def run(self, n, *, started=None):
        n = count("n", n)
        tell(started)
        first = time.monotonic()
        for left in range(n, 0, -1):
            if self._over:
                return left
            self._emit(left)
            self._sleep_until(first + (n - left + 1) * self._interval)
        return 0

    def _sleep_until(self, due):
        while (early := due - time.monotonic()) > 0:
            wake = Wake()
            with self._lock:
                if self._over:
                    return
                self._wakes[id(wake)] = wake
            try:
                wake.sleep(early)
            finally:
                with self._lock:
                    del self._wakes[id(wake)]
