"""The timer waits until every reader has had the last tick: a slow one keeps it from all.

Law: P9
Failure: Deadlock
In production: one client on a bad line, and the beat of all the others falters.
Mend: let each thread read on from its own place.
"""

import threading

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def __init__(self, interval):
        super().__init__(interval)
        self._had = {}

    def wait_for_tick(self, timeout=None):
        with self._changed:
            self._had[threading.current_thread()] = self._ticks
            self._changed.notify_all()
        return super().wait_for_tick(timeout)

    def _all_have_had_the_last(self):
        return self._stopped or all(had == self._ticks for had in self._had.values())

    def _tick(self):
        self._changed.wait_for(self._all_have_had_the_last)
        if not self._stopped:
            super()._tick()
