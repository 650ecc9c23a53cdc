"""``stop`` notifies first and sets its flag then: a waiter in between goes back to sleep.

Law: P6
Failure: Deadlock
Shown by: test_P6_stop_misses_nobody --schedule=28.1
In production: a shutdown that hangs, but never where it is looked into.
Mend: change the state, then notify, both under the lock.
"""

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def stop(self):
        with self._changed:
            self._changed.notify_all()
        self._stopped = True
        if self._thread is not None:
            self._thread.join()
