"""A task that looks at its flag between two sleeps: deaf in each, and each adds its error.

Deaf for one interval is what T4 still allows; the sum of the sleeps is not what T1 asks for.

Law: T1
Failure: AssertionError
In production: the shutdown takes as long as the longest interval, and a countdown of a day ends
minutes late.
Mend: wait on an event with a timeout, until a deadline that is counted from the first emission.
"""

import time


class CountdownTask:
    def __init__(self, *, interval=1.0, emit=print):
        self._running = True
        self._interval = interval
        self._emit = emit

    def terminate(self):
        self._running = False

    @property
    def terminated(self):
        return not self._running

    def run(self, n, *, started=None):
        if started is not None:
            started.set()
        while self._running and n > 0:
            self._emit(n)
            n -= 1
            time.sleep(self._interval)
        return n
