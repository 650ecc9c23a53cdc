"""The flag is looked at in every other round, to save time.

Law: T4
Failure: AssertionError
In production: the shutdown takes twice as long as the timeout that was computed for it.
Mend: wait on the event, which costs nothing, in place of sleeping.
"""

import time

import _sound


class CountdownTask(_sound.CountdownTask):
    def _count_down(self, n):
        first = time.monotonic()
        for k in range(n):
            if k % 2 == 0 and self.terminated:
                return n - k
            self._emit(n - k)
            while (left := first + (k + 1) * self._interval - time.monotonic()) > 0:
                time.sleep(left)
        return 0
