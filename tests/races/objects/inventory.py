"""Each step is locked, and nothing holds the steps together: more is sold than there was.

In production: on the day of the sale, orders are confirmed for which there is nothing to send.
Mend: one method that looks and takes under the lock.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations


class Stock:
    def __init__(self, count=3):
        self._count = count
        self._lock = threading.Lock()

    def left(self):
        with self._lock:
            return self._count

    def _take(self, count):
        with self._lock:
            self._count -= count

    def sell(self, count):
        if self.left() < count:
            return False
        self._take(count)
        return True

    def restock(self, count):
        with self._lock:
            self._count += count


class SoundStock(Stock):
    def sell(self, count):
        with self._lock:
            if self._count < count:
                return False
            self._count -= count
            return True


COUNTS = st.integers(1, 3)
OPERATIONS = {"left": [], "sell": [COUNTS], "restock": [COUNTS]}
Faulty = Operations.of(Stock, OPERATIONS)
Sound = Operations.of(SoundStock, OPERATIONS)
