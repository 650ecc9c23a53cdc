"""``stop`` joins the timer's thread with the lock in its hands, which that thread needs to end.

Law: P5
Failure: Deadlock
In production: a process that can be ended with SIGKILL only.
Mend: let go of the lock first.
"""

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def stop(self):
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            if self._thread is not None:
                self._thread.join()


def scenario():
    """A timer ticks once, and is stopped."""
    timer = PeriodicTimer(1.0)
    timer.start()
    timer.wait_for_tick()
    timer.stop()
