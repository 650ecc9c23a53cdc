"""The list is changed for a new one, while another has the old one in its hands.

In production: of a million events some dozens are missing, never the same.
Mend: add and flush under a lock.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations


class Batcher:
    def __init__(self):
        self._events = []

    def add(self, event):
        self._events.append(event)

    def flush(self):
        events, self._events = self._events, []
        return tuple(events)


class SoundBatcher(Batcher):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def add(self, event):
        with self._lock:
            super().add(event)

    def flush(self):
        with self._lock:
            return super().flush()


OPERATIONS = {"add": [st.integers(0, 3)], "flush": []}
Faulty = Operations.of(Batcher, OPERATIONS)
Sound = Operations.of(SoundBatcher, OPERATIONS)
