"""``stop`` tells the timer's thread to end, and does not wait until it has.

Law: P5
Failure: AssertionError
In production: an exception from a module that was torn down already, at every tenth exit.
Mend: join the thread.
"""

import _sound
from _sound import TimerStopped as TimerStopped


class PeriodicTimer(_sound.PeriodicTimer):
    def stop(self):
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
