"""The place of a thread is kept on the class: on a second timer it has that on the first.

Law: P2
Failure: AssertionError
In production: the thread that feeds two watchdogs skips beats of one of them.
Mend: make it in ``__init__``.
"""

import threading

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    _shared = threading.local()

    def __init__(self, interval):
        super().__init__(interval)
        self._place = self._shared
