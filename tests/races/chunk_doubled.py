"""A poll that runs out leaves the last chunk in its variable, and it is handled again.

Law: I1
Failure: AssertionError
In production: whenever the line is silent for five seconds, the last order is placed twice.
Mend: go back to the top of the loop when the poll has run out.
"""

import _sound


class IOTask(_sound.IOTask):
    def _receive(self, sock):
        chunk = None
        while not self.terminated:
            if (polled := self._poll(sock)) is not None:
                chunk = polled
            if chunk == b"":
                return
            if chunk is not None:
                self._handle(chunk)
