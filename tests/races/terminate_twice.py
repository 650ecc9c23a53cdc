"""Check, then act: of two threads that find the task not terminated, one waits for ever.

Law: T6
Failure: Deadlock
Shown by: test_T6_terminated_by_several_at_once --schedule=17.1
In production: Ctrl-C and the supervisor's SIGTERM at one time, and the process hangs.
Mend: ``acquire(blocking=False)``, which looks and acts in one.
"""

import threading
import time

import _sound


class CountdownTask(_sound.CountdownTask):
    def __init__(self, *, interval=1.0, emit=print):
        super().__init__(interval=interval, emit=emit)
        self._flag = threading.Lock()

    @property
    def terminated(self):
        return self._flag.locked()

    def terminate(self):
        if not self._flag.locked():
            self._flag.acquire()

    def _wait_until(self, deadline):
        while not self.terminated and (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, self._interval))
