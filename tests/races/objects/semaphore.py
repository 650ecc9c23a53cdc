"""A notification is spared where there was a permit already: two come at once, one is told.

In production: after a burst, one worker less than before; a restart helps.
Mend: notify for each permit.
"""

import threading

from threadlab import Operations


class Semaphore:
    def __init__(self):
        self._permits = 0
        self._changed = threading.Condition()

    def acquire(self):
        with self._changed:
            while self._permits == 0:
                self._changed.wait()
            self._permits -= 1

    def release(self):
        with self._changed:
            self._permits += 1
            if self._permits == 1:  # or else nobody waits
                self._changed.notify()


class SoundSemaphore(Semaphore):
    def release(self):
        with self._changed:
            self._permits += 1
            self._changed.notify()


Faulty = Operations.of(Semaphore, {"acquire": [], "release": []})
Sound = Operations.of(SoundSemaphore, {"acquire": [], "release": []})
