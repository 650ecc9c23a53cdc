"""The number of an event is taken before the event is stored: who reads up to it misses it.

In production: a consumer that remembers its place skips an event, and never comes back to it.
Mend: number and store under one lock.
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations


class Log:
    def __init__(self):
        self._events = []
        self._last = 0
        self._lock = threading.Lock()

    def append(self, event):
        with self._lock:
            self._last += 1
            number = self._last
        self._events.append((number, event))  # in its order, it is thought

    def since(self, number):
        with self._lock:
            return [event for event in self._events if event[0] > number]


class SoundLog(Log):
    def append(self, event):
        with self._lock:
            self._last += 1
            self._events.append((self._last, event))


OPERATIONS = {"append": [st.sampled_from("ab")], "since": [st.integers(0, 3)]}
Faulty = Operations.of(Log, OPERATIONS)
Sound = Operations.of(SoundLog, OPERATIONS)
