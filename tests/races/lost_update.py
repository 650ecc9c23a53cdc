"""``+= 1`` without a lock: two waiters count themselves at once, one of them is not counted.

Law: P6
Failure: Deadlock
Shown by: test_P6_stop_misses_nobody --schedule=26.1
In production: of a pool of workers one does not end, and nobody finds out why.
Mend: count under the lock, or tell everyone, without counting.
"""

import threading

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def __init__(self, interval):
        super().__init__(interval)
        self._waiting = 0

    def _wait(self, last, timeout=None):
        self._changed.release()
        self._waiting += 1  # reads, adds, writes: what another writes in between is lost
        self._changed.acquire()
        super()._wait(last, timeout)
        self._waiting -= 1

    def stop(self):
        with self._changed:
            self._stopped = True
            thread = self._thread
            self._changed.notify(self._waiting + (thread is not None))
        if thread is not None:
            thread.join()


def scenario():
    """Two threads wait for ticks until the timer is stopped."""
    timer = PeriodicTimer(1.0)
    waiters = [threading.Thread(target=lambda: list(timer)) for _ in range(2)]
    for waiter in waiters:
        waiter.start()
    timer.stop()
    for waiter in waiters:
        waiter.join()
