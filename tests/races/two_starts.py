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


def scenario():
    """Two threads start a timer, which lets only one of them."""
    timer = PeriodicTimer(1.0)
    started = []

    def start(number):
        try:
            timer.start()
        except RuntimeError:
            return
        started.append(number)

    starters = [threading.Thread(target=start, args=(number,)) for number in (1, 2)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    timer.stop()
    assert len(started) == 1
