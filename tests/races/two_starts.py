"""Check, then act: two threads may both find the timer not started, and both start it.

Law: P8
Failure: AssertionError
Shown by: test_P8_starts_once --schedule=18.1
In production: a timer that ticks at twice its rate, and a thread that nobody joins.
Mend: look and act under one lock.
"""

import threading
import time

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def start(self):
        if self._stopped or self._thread is not None:
            raise RuntimeError("a timer starts once")
        thread = threading.Thread(target=self._run, daemon=True)
        self._thread = thread
        self._t0 = time.monotonic()
        thread.start()
