"""The flag for the next round is read before the wait of this one: termination is a round late.

Law: T3
Failure: AssertionError
In production: one more request goes out after ``close()`` has returned.
Mend: look at the flag right before each emission.
"""

import time

import _sound


class CountdownTask(_sound.CountdownTask):
    def _count_down(self, n):
        first = time.monotonic()
        go_on = go_on_next = not self.terminated
        for k in range(n):
            if not go_on:
                return n - k
            self._emit(n - k)
            go_on, go_on_next = go_on_next, not self.terminated
            self._wait_until(first + (k + 1) * self._interval)
        return 0
