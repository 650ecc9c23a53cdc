"""A waiter that spins: it takes the processor from the thread that could end its wait.

Law: P4
Failure: Livelock
In production: one core at 100 %, and on a machine with one core every beat late.
Mend: wait on a condition.
"""

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _wait(self, last, timeout=None):
        self._changed.release()
        while timeout is None and self._ticks == last and not self._stopped:
            pass
        self._changed.acquire()
        super()._wait(last, timeout)
