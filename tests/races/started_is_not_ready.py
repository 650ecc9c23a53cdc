"""``start`` returns when the thread runs, which is before the target has signalled.

Law: S1
Failure: AssertionError
In production: the first request after the start is refused, on a slow machine.
Mend: wait for the signal.
"""

import _sound


class Start(_sound.Start):
    def result(self, timeout):
        self.thread.start()
        return self.thread


start = Start.start
