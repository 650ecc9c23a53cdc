"""A countdown that emits in a thread of an executor, one for each run, and waits for it there.

What the emitting raises is what its future raises; who called waits for the end on an event.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from _arguments import count, function, seconds, tell


class CountdownTask:
    def __init__(self, *, interval=1.0, emit=print):
        self._interval = seconds("interval", interval)
        self._emit = function("emit", emit)
        self._over = threading.Event()

    @property
    def terminated(self):
        return self._over.is_set()

    def terminate(self):
        self._over.set()

    def run(self, n, *, started=None):
        n = count("n", n)
        tell(started)
        due = first = time.monotonic()
        with ThreadPoolExecutor(1) as emitter:
            for k in range(n):
                if self._over_by(due):
                    return n - k
                emitter.submit(self._emit, n - k).result()
                due = first + (k + 1) * self._interval
        self._over_by(due)
        return 0

    def _over_by(self, due):
        while not self.terminated and (early := due - time.monotonic()) > 0:
            self._over.wait(early)
        return self.terminated
