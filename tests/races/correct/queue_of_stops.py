"""A countdown that waits for a message that does not come: each run has a queue for that one."""

import queue
import threading
import time

from _arguments import count, function, seconds, tell


class CountdownTask:
    def __init__(self, *, interval=1.0, emit=print):
        self._interval = seconds("interval", interval)
        self._emit = function("emit", emit)
        self._lock = threading.RLock()
        self._runs = []
        self.terminated = False

    def terminate(self):
        with self._lock:
            self.terminated = True
            for stops in self._runs:
                stops.put("stop")

    def run(self, n, *, started=None):
        n = count("n", n)
        tell(started)
        stops = queue.SimpleQueue()
        with self._lock:
            self._runs.append(stops)
        try:
            return self._count_down(n, stops)
        finally:
            with self._lock:
                self._runs.remove(stops)

    def _count_down(self, n, stops):
        first = time.monotonic()
        for k in range(n):
            if self.terminated:
                return n - k
            self._emit(n - k)
            due = first + (k + 1) * self._interval
            while not self.terminated and (early := due - time.monotonic()) > 0:
                try:
                    stops.get(timeout=early)
                except queue.Empty:
                    pass
        return 0
