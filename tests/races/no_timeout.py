"""``recv`` without a timeout: of a silent peer there is no return, terminated or not.

Law: I3
Failure: Deadlock
In production: the shutdown hangs, on the one connection where nothing happens.
Mend: a timeout, and a look at the flag whenever it runs out.
"""

import _sound


class IOTask(_sound.IOTask):
    def _receive(self, sock):
        sock.settimeout(None)
        super()._receive(sock)
