"""A waiter that polls: whatever falls while it sleeps, it hears of later.

Law: P4
Failure: AssertionError
In production: twenty wake-ups a second on an idle laptop, and each beat up to 50 ms late.
Mend: wait on a condition.
"""

import time

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _wait(self, last, timeout=None):
        while timeout is None and self._ticks == last and not self._stopped:
            self._changed.release()
            time.sleep(0.05)
            self._changed.acquire()
        super()._wait(last, timeout)
