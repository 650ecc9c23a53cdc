"""A waiter that is woken leaves the list that ``stop`` still goes through: the next one is missed.

Law: P6
Failure: Deadlock
Shown by: test_P6_stop_misses_nobody --schedule=63.1
In production: of all the workers one is left over, now and then, and never the same.
Mend: go through a copy, and change the list under the lock.
"""

import threading

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def __init__(self, interval):
        super().__init__(interval)
        self._events = []

    def _wait(self, last, timeout=None):
        if self._ticks == last and not self._stopped:
            event = threading.Event()
            self._events.append(event)
            self._changed.release()
            event.wait(timeout)
            self._events.remove(event)
            self._changed.acquire()
        super()._wait(last, 0)

    def _wake(self):
        for event in self._events:
            event.set()

    def _tick(self):
        super()._tick()
        self._wake()

    def stop(self):
        super().stop()
        self._wake()
