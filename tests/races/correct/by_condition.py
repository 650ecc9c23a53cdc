"""A countdown whose waits are on one condition, which is notified when the task is to end.

The plain countdown is the same with nobody to notify it.
"""

import threading
import time

from _arguments import count, function, seconds, tell


class CountdownTask:
    def __init__(self, *, interval=1.0, emit=print):
        self._interval = seconds("interval", interval)
        self._emit = function("emit", emit)
        self._changed = threading.Condition()
        self._over = False

    @property
    def terminated(self):
        with self._changed:
            return self._over

    def terminate(self):
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def run(self, n, *, started=None):
        n = count("n", n)
        tell(started)
        first = time.monotonic()
        for k, value in enumerate(range(n, 0, -1)):
            if self._is_over_by(first + k * self._interval):
                return value
            self._emit(value)
        self._is_over_by(first + n * self._interval)
        return 0

    def _is_over_by(self, due):
        with self._changed:
            while not self._over and (early := due - time.monotonic()) > 0:
                self._changed.wait(early)
            return self._over


def countdown(n, *, interval=1.0, started=None, emit=print):
    CountdownTask(interval=interval, emit=emit).run(n, started=started)
