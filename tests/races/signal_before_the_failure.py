"""The waiter is woken before the failure is stored: it may look for it too early.

Law: S2
Failure: Failed
Shown by: test_S2_a_target_that_raises_before_its_signal --schedule=24.1
In production: a service that could not start is reported as running, once in a thousand times.
Mend: store first, then signal.
"""

import _sound


class Start(_sound.Start):
    def _fail(self, error):
        self._signalled.set()
        self._failure = error


start = Start.start
