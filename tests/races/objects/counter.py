"""``+= 1`` without a lock: of two that count at once, one is not counted.

In production: the page says 9 998 requests, the log has 10 000 lines.
Mend: count under a lock.
"""

import threading

from threadlab import Operations


class Counter:
    def __init__(self):
        self._value = 0

    def increment(self):
        self._value += 1  # reads, adds, writes: what another writes in between is lost

    def value(self):
        return self._value


class SoundCounter(Counter):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def increment(self):
        with self._lock:
            super().increment()


Faulty = Operations.of(Counter, {"increment": [], "value": []})
Sound = Operations.of(SoundCounter, {"increment": [], "value": []})
