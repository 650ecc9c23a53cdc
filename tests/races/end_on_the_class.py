"""Whether it is to end is kept on the class: who terminates one task terminates them all.

Law: T2
Failure: AssertionError
In production: one user cancels an export, and nobody gets one until the restart.
Mend: make the event in ``__init__``.
"""

import threading

import _sound


class CountdownTask(_sound.CountdownTask):
    _shared = threading.Event()

    def __init__(self, *, interval=1.0, emit=print):
        super().__init__(interval=interval, emit=emit)
        self._over = self._shared
        self._over.clear()
