"""Terminated beforehand, ``run`` returns before it has set ``started``: who waits for it hangs.

Law: T5
Failure: AssertionError
In production: a stop in the first millisecond, and the starter waits for ever.
Mend: signal first, whatever comes then.
"""

import _sound


class CountdownTask(_sound.CountdownTask):
    def run(self, n, *, started=None):
        if self.terminated:
            return n
        return super().run(n, started=started)
