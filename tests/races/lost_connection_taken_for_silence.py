"""``ETIMEDOUT`` is a ``TimeoutError``, too, and taken for a poll that ran out.

Law: I6
Failure: Failed
In production: a connection that broke looks like one that was closed, and half a file like all.
Mend: a poll that ran out has no ``errno``; raise all else.
"""

import _sound


class IOTask(_sound.IOTask):
    def _poll(self, sock):
        try:
            return sock.recv(self._bufsize)
        except TimeoutError:
            return None
