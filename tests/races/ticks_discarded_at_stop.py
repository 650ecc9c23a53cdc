"""Stopped is looked at before the ticks: what fell before the stop is lost to who is behind.

Law: P6
Failure: AssertionError
In production: the last of a batch is not written whenever the writer was slow.
Mend: look for a tick first, and only then whether the timer has stopped.
"""

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _wait(self, last, timeout=None):
        super()._wait(last, timeout)
        if self._stopped:
            raise TimerStopped
