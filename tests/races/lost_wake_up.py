"""A lost wake-up: whether there is anything to wait for is looked up before the lock is held.

Law: P6
Failure: Deadlock
Shown by: test_P6_stop_misses_nobody --schedule=25.1
In production: once a month a worker does not end, and the shutdown waits for it.
Mend: look under the lock, and again after each wait.
"""

import threading

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def _wait(self, last, timeout=None):
        self._changed.release()
        nothing_yet = self._ticks == last and not self._stopped
        self._changed.acquire()  # the notification that comes before this line wakes nobody
        if nothing_yet and not self._changed.wait(timeout):
            raise TimeoutError(f"no tick within {timeout} s")
        if self._ticks == last:
            raise TimerStopped


def scenario():
    """A thread waits for ticks until the timer is stopped."""
    timer = PeriodicTimer(1.0)
    waiter = threading.Thread(target=lambda: list(timer))
    waiter.start()
    timer.stop()
    waiter.join()
