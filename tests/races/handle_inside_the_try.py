"""``handle`` stands inside the ``try`` of the poll: its ``TimeoutError`` is taken for silence.

Law: I6
Failure: Failed
In production: the database does not answer, and what was to be stored there is gone, silently.
Mend: only ``recv`` inside the ``try``.
"""

import _sound


class IOTask(_sound.IOTask):
    def _receive(self, sock):
        while not self.terminated:
            try:
                chunk = self._poll(sock)
                if chunk == b"":
                    return
                if chunk is not None:
                    self._handle(chunk)
            except TimeoutError as error:
                if error.errno is not None:
                    raise
