"""Whatever has come is drained before the flag is looked at: a busy peer keeps it from it.

Law: I7
Failure: AssertionError
In production: under load, when it matters, the server cannot be stopped.
Mend: look at the flag before each chunk.
"""

import _sound


class IOTask(_sound.IOTask):
    def _receive(self, sock):
        while not self.terminated:
            while (chunk := self._poll(sock)) is not None:
                if chunk == b"":
                    return
                self._handle(chunk)
