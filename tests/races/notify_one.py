"""``notify`` for ``notify_all``: of all who wait for the tick, one is told.

Law: P4
Failure: AssertionError
In production: with one worker all is well; with eight, each gets its ticks late, in turns.
Mend: ``notify_all``, since a tick is for everyone.
"""

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _tick(self):
        self._ticks += 1
        self._changed.notify()
