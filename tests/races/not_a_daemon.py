"""The timer's thread is not a daemon: the interpreter waits for whoever forgot to stop it.

Law: P11
Failure: AssertionError
In production: the script has printed its result, and does not return to the shell.
Mend: ``daemon=True``.
"""

import threading
import time

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _start(self):
        if self._stopped or self._thread is not None:
            raise RuntimeError("a timer starts once")
        self._t0 = time.monotonic()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
