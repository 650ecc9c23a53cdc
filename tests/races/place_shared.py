"""One place for all threads: a tick that one of them has had is one that no other gets.

Law: P2
Failure: AssertionError
In production: two workers that should each run hourly share the hours between them.
Mend: a place for each thread.
"""

from types import SimpleNamespace

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def __init__(self, interval):
        super().__init__(interval)
        self._place = SimpleNamespace()
