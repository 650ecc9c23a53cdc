"""The signal is a lock that is released: a second one releases what is not held, and raises.

Law: S6
Failure: RuntimeError
In production: a target that reconnects, and says so, dies of it.
Mend: an event; set twice is set.
"""

import threading

import _sound


class Signal(threading.Event):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()
        self._lock.acquire()

    def set(self):
        self._lock.release()
        super().set()


class Start(_sound.Start):
    def __init__(self, *args):
        super().__init__(*args)
        self._for_the_target = Signal()
        self._signalled = self._for_the_target


start = Start.start
