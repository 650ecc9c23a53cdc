"""A timer that sleeps one interval after another: what each sleep is late, all later ticks are.

Law: P1
Failure: AssertionError
In production: the hourly report, at 9:00 in spring, is at 9:07 in autumn.
Mend: sleep until ``t0 + k * interval``, counted from the start.
"""

import time

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _run(self):
        next_time = time.monotonic() + self._interval
        while True:
            with self._changed:
                if self._stopped:
                    return
                if (early := next_time - time.monotonic()) > 0:
                    self._changed.wait(early)
                else:
                    self._tick()
                    next_time = time.monotonic() + self._interval
