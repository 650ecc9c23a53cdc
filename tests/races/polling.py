"""A waiter that polls: whatever falls while it sleeps, it hears of later.

Law: P4
Failure: AssertionError
In production: wake-ups all the time on an idle laptop, and still each beat is late.
Mend: wait on a condition.
"""

import time

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _wait(self, last, timeout=None):
        while timeout is None and self._ticks == last and not self._stopped:
            self._changed.release()
            time.sleep(0.3 * self._interval)
            self._changed.acquire()
        super()._wait(last, timeout)
