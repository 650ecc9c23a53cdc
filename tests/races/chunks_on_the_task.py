"""The chunk at hand is kept on the task: two runs at a time handle each other's.

Law: I1
Failure: AssertionError
In production: a customer sees a line of another's mail.
Mend: keep it in a local variable.
"""

import _sound


class IOTask(_sound.IOTask):
    def _receive(self, sock):
        while not self.terminated:
            self._chunk = self._poll(sock)
            if self._chunk == b"":
                return
            if self._chunk is not None:
                self._handle(self._chunk)
