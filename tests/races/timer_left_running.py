"""A helper thread ends each wait, also when the wait is over: it is never cancelled nor joined.

Law: G2
Failure: AssertionError
In production: the process lives on for one more interval after it is done.
Mend: wait with a timeout; it takes no thread.
"""

import threading
import time

import _sound


class CountdownTask(_sound.CountdownTask):
    def _wait_until(self, deadline):
        due = threading.Event()
        threading.Timer(max(0, deadline - time.monotonic()), due.set).start()
        while not (self.terminated or due.is_set()):
            self._over.wait(self._interval)
