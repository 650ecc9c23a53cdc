"""A waiter that looks at the clock for its tick returns one that has not fallen yet.

Law: P3
Failure: AssertionError
Shown by: test_P3_never_early --schedule=1.1
In production: the reader comes for what the timer's thread was to have written by then.
Mend: wait for what the timer's thread says, and never for the time at which it should.
"""

import time

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _wait(self, last, timeout=None):
        due = self._t0 + (last + 1) * self._interval
        while self._t0 and not self._stopped and timeout is None and self._ticks == last:
            if (early := due - time.monotonic()) <= 0:
                return
            self._changed.wait(early)
        super()._wait(last, timeout)
