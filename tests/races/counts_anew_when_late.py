"""A timer that has been late by an interval counts on from there.

Law: P1
Failure: AssertionError
In production: the laptop slept over lunch, and since then the reminders come at odd times.
Mend: leave ``t0`` as it is.
"""

import time

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _tick(self):
        super()._tick()
        late = time.monotonic() - (self._t0 + self._ticks * self._interval)
        if late >= self._interval:
            self._t0 += self._interval
