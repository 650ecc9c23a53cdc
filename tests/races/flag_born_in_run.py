"""The flag is born in ``run``: a termination that comes before it is forgotten.

Law: I4
Failure: AssertionError
In production: a service that is stopped while it starts goes on until its peer hangs up.
Mend: set the flag in ``__init__``, and nowhere else but in ``terminate``.
"""

import _sound


class IOTask(_sound.IOTask):
    _running = False

    def terminate(self):
        self._running = False

    @property
    def terminated(self):
        return not self._running

    def run(self, sock, *, started=None):
        self._running = True
        super().run(sock, started=started)
