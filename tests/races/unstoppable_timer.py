"""A timer whose thread loops for ever: ``stop`` tells the waiters, and nobody tells the thread.

Law: P5
Failure: AssertionError
In production: each reload of the configuration leaves one more thread that wakes every second.
Mend: let the thread look at the flag, wake it, and join it.
"""

import time

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _run(self):
        while True:
            time.sleep(self._interval)
            with self._changed:
                if not self._stopped:
                    self._tick()

    def stop(self):
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
