"""An event that is set and cleared at once: whoever is not waiting just then misses the tick.

Law: P2
Failure: AssertionError
In production: a thread that is slow for a moment skips a beat.
Mend: count the ticks; an event has no memory of how often it was set.
"""

import threading

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def __init__(self, interval):
        super().__init__(interval)
        self._event = threading.Event()

    def _tick(self):
        super()._tick()
        self._event.set()
        self._event.clear()

    def stop(self):
        super().stop()
        self._event.set()

    def wait_for_tick(self, timeout=None):
        if timeout is not None:
            timeout = _sound.seconds("timeout", timeout, zero=True)
        if not self._event.wait(timeout):
            raise TimeoutError(f"no tick within {timeout} s")
        if self._stopped:
            raise TimerStopped
        return self._ticks
