"""The place moves on before the wait: a wait that times out has used up its tick.

Law: P7
Failure: AssertionError
In production: polled with a timeout, the job misses one run in two.
Mend: move on when the tick is there.
"""

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def wait_for_tick(self, timeout=None):
        if timeout is not None:
            timeout = _sound.seconds("timeout", timeout, zero=True)
        with self._changed:
            last = getattr(self._place, "last", self._ticks)
            self._place.last = last + 1
            self._wait(last, timeout)
            return last + 1
