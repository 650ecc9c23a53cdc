"""Each number has its lock, and what is computed of two of them belongs to no moment.

In production: an average latency that no request has had, higher than the highest.
Mend: one lock for what belongs together.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations


class Statistics:
    def __init__(self):
        self._count_lock = threading.Lock()
        self._total_lock = threading.Lock()
        self._count = 0
        self._total = 0

    def record(self, value):
        with self._count_lock:
            self._count += 1
        with self._total_lock:
            self._total += value

    def mean(self):
        with self._count_lock:
            count = self._count
        with self._total_lock:
            total = self._total
        return total / count if count else None


class SoundStatistics(Statistics):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def record(self, value):
        with self._lock:
            super().record(value)

    def mean(self):
        with self._lock:
            return super().mean()


OPERATIONS = {"record": [st.integers(0, 9)], "mean": []}
Faulty = Operations.of(Statistics, OPERATIONS)
Sound = Operations.of(SoundStatistics, OPERATIONS)
