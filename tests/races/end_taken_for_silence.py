"""``b""`` is taken for a poll that ran out: when the peer has closed, the loop spins.

Law: I2
Failure: Livelock
In production: one core at 100 % for each client that has left.
Mend: ``b""`` is the end; a poll that ran out raises.
"""

import _sound


class IOTask(_sound.IOTask):
    def _receive(self, sock):
        while not self.terminated:
            chunk = self._poll(sock)
            if chunk:
                self._handle(chunk)
