"""What ``wait(timeout)`` returns is not looked at: a start that timed out counts as started.

Law: S4
Failure: Failed
In production: requests go to a server that is still reading its configuration.
Mend: ``wait`` returns whether the event was set; raise if it was not.
"""

import _sound


class Start(_sound.Start):
    def result(self, timeout):
        self.thread.start()
        self._signalled.wait(timeout)
        if self._failure is not None:
            self.thread.join()
            raise self._failure
        return self.thread


start = Start.start
