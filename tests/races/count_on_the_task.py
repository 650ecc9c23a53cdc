"""What is left is counted on the task: two runs of one task at a time count down together.

Law: T2
Failure: AssertionError
In production: the task that two pages share skips every other number on each.
Mend: count in a local variable.
"""

import time

import _sound


class CountdownTask(_sound.CountdownTask):
    def _count_down(self, n):
        first, self._left = time.monotonic(), n
        while self._left > 0 and not self.terminated:
            self._emit(self._left)
            self._left -= 1
            self._wait_until(first + (n - self._left) * self._interval)
        return self._left
