"""Iteration calls ``wait_for_tick``: it takes its ticks from the place of the thread.

Law: P10
Failure: AssertionError
In production: a loop over the timer whose body waits for a tick, too, runs every second time.
Mend: give each iterator a place of its own.
"""

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def __iter__(self):
        while True:
            try:
                tick = self.wait_for_tick()
            except TimerStopped:
                return
            yield tick
