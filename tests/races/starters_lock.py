"""``start`` takes a re-entrant lock, and ``stop`` releases it: only the thread that started can.

Law: G4
Failure: RuntimeError
In production: "cannot release un-acquired lock", from the signal handler's thread, at shutdown.
Mend: hold a lock within one method only.
"""

import threading

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def __init__(self, interval):
        super().__init__(interval)
        self._runs = threading.RLock()

    def start(self):
        super().start()
        self._runs.acquire()

    def stop(self):
        if self._thread is not None and not self._stopped:
            self._runs.release()
        super().stop()
