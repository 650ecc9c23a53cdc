"""A countdown that selects on a pipe: each run has one, and what can be read there is the end."""

import os
import select
import threading
import time

from _arguments import count, function, seconds, tell

LONGEST = 1e6  # that every platform's select takes


class CountdownTask:
    def __init__(self, *, interval=1.0, emit=print):
        self._interval = seconds("interval", interval)
        self._emit = function("emit", emit)
        self._lock = threading.RLock()
        self._ends = set()
        self._over = False

    @property
    def terminated(self):
        with self._lock:
            return self._over

    def terminate(self):
        with self._lock:
            first, self._over = not self._over, True
            if first:  # a byte for each pipe, which never blocks
                for end in self._ends:
                    os.write(end, b"!")

    def run(self, n, *, started=None):
        n = count("n", n)
        tell(started)
        readable, end = os.pipe()
        with self._lock:
            self._ends.add(end)
            if self._over:
                os.write(end, b"!")
        try:
            return self._count_down(n, readable)
        finally:
            with self._lock:
                self._ends.remove(end)
            os.close(readable)
            os.close(end)

    def _count_down(self, n, readable):
        first = due = time.monotonic()
        for k in range(n):
            if self._over_by(due, readable):
                return n - k
            self._emit(n - k)
            due = first + (k + 1) * self._interval
        self._over_by(due, readable)
        return 0

    def _over_by(self, due, readable):
        while True:
            early = max(0, due - time.monotonic())
            if select.select([readable], [], [], min(early, LONGEST))[0]:
                return True
            if early == 0:
                return False
