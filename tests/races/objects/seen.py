"""Whether it is new is looked at, then it is added: of two that bring the same, both are told yes.

In production: a customer is charged twice, by two deliveries of the same message.
Mend: look and add under a lock.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations


class Seen:
    def __init__(self):
        self._keys = set()

    def is_new(self, key):
        if key in self._keys:
            return False
        self._keys.add(key)
        return True


class SoundSeen(Seen):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def is_new(self, key):
        with self._lock:
            return super().is_new(key)


OPERATIONS = {"is_new": [st.integers(0, 9)]}
Faulty = Operations.of(Seen, OPERATIONS)
Sound = Operations.of(SoundSeen, OPERATIONS)
