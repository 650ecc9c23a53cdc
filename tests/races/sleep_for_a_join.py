"""A sleep in place of a join: too long for a task that has finished, too short for others.

Law: R3
Failure: AssertionError
In production: each test that uses it takes a tenth of a second more, and one in a hundred fails.
Mend: join the thread; it returns as soon as that has finished.
"""

import time

import _sound


class running(_sound.running):
    def __exit__(self, kind, raised, traceback):
        self._task.terminate()
        time.sleep(0.1)
        if self._failure is not None and raised is None:
            raise self._failure
