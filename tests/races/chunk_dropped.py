"""The flag is looked at between receiving and handling: what was received then is dropped.

Law: I8
Failure: AssertionError
In production: the last line of the log is missing.
Mend: look at the flag before receiving; what has been received is handled.
"""

import _sound


class IOTask(_sound.IOTask):
    def _receive(self, sock):
        while not self.terminated:
            chunk = self._poll(sock)
            if chunk == b"" or self.terminated:
                return
            if chunk is not None:
                self._handle(chunk)
