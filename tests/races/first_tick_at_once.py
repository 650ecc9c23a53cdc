"""The deadline of a tick is counted from the one before: the first falls at the start itself.

Law: P3
Failure: AssertionError
In production: what should run in an hour runs at each restart, and at each crash.
Mend: tick k is due at ``t0 + k * interval``, k counted from 1.
"""

import time

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _run(self):
        while True:
            with self._changed:
                if self._stopped:
                    return
                early = self._t0 + self._ticks * self._interval - time.monotonic()
                if early > 0:
                    self._changed.wait(early)
                else:
                    self._tick()
