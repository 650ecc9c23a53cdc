"""The signal releases a lock: a second one releases what nobody holds, and raises.

Law: S6
Failure: RuntimeError
In production: a target that reconnects, and says so again, dies of it.
Mend: an event; set twice is set.
"""

import threading

import _sound


class Signal(threading.Event):
    def __init__(self):
        super().__init__()
        self._baton = threading.Lock()
        self._baton.acquire()

    def set(self):
        self._baton.release()
        super().set()


class Start(_sound.Start):
    def __init__(self, *args):
        super().__init__(*args)
        self._signalled = Signal()


start = Start.start
