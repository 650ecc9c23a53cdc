"""``if`` for ``while``: whoever is woken takes it that a tick has fallen.

Law: P6
Failure: AssertionError
In production: at each shutdown, one more job is run, for a tick that never was.
Mend: look again after each wait, since one is woken for other reasons too.
"""

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _wait(self, last, timeout=None):
        if self._ticks <= last:
            if self._stopped:
                raise TimerStopped
            if not self._changed.wait(timeout):
                raise TimeoutError(f"no tick within {timeout} s")
