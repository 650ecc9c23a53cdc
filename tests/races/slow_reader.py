"""The timer waits until each waiter has had the tick before the next one: a slow one stops all.

Law: P9
Failure: AssertionError
In production: one client on a bad line, and the beat of all the others falters.
Mend: let each thread read on from its own place.
"""

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def __init__(self, interval):
        super().__init__(interval)
        self._behind = {}

    def wait_for_tick(self, timeout=None):
        self._behind[self._place] = True
        tick = super().wait_for_tick(timeout)
        self._behind[self._place] = tick
        return tick
