"""``run`` holds the lock while it emits, and ``terminate`` needs it: it waits for the emission.

Law: T6
Failure: Deadlock
In production: the stop button freezes the window until the download is over.
Mend: never call out with a lock in hand; a flag needs none.
"""

import threading

import _sound


class CountdownTask(_sound.CountdownTask):
    def __init__(self, *, interval=1.0, emit=print):
        _sound.callable_("emit", emit)

        def locked(value):
            with self._lock:
                emit(value)

        super().__init__(interval=interval, emit=locked)
        self._lock = threading.RLock()

    def terminate(self):
        with self._lock:
            super().terminate()
