"""The value is counted before it is emitted: terminated in between, it is neither here nor there.

Law: T2
Failure: AssertionError
In production: resumed where it left off, the job skips one item.
Mend: count when it has been emitted.
"""

import time

import _sound


class CountdownTask(_sound.CountdownTask):
    def _count_down(self, n):
        first = time.monotonic()
        for k in range(n):
            left = n - k - 1
            if self.terminated:
                return left
            self._emit(n - k)
            self._wait_until(first + (k + 1) * self._interval)
        return 0
