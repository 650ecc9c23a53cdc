"""``run`` clears the flag at its end, so that the task can be run again: also by who must not.

Law: T6
Failure: AssertionError
In production: a task that was cancelled is back after the next retry.
Mend: a task that is terminated stays so; make a new one.
"""

import _sound


class CountdownTask(_sound.CountdownTask):
    def _count_down(self, n):
        left = super()._count_down(n)
        self._over.clear()
        return left
