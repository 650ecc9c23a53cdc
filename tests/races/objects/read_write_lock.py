"""A writer waits until nobody reads, and leaves no word that it writes: readers come in meanwhile.

In production: a report in which the two sides of the balance differ, and the next one is right.
Mend: note that there is a writer, and let readers wait for it.
"""

import threading
from contextlib import contextmanager

from threadlab import Operations


class ReadWriteLock:
    def __init__(self):
        self._readers = 0
        self._changed = threading.Condition()

    @contextmanager
    def reading(self):
        with self._changed:
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def writing(self):
        with self._changed:
            while self._readers:
                self._changed.wait()
        yield


class SoundReadWriteLock(ReadWriteLock):
    @contextmanager
    def writing(self):
        with self._changed:
            while self._readers:
                self._changed.wait()
            yield  # with the lock that readers need, too


class Accounts:
    lock = ReadWriteLock

    def __init__(self):
        self._lock = self.lock()
        self._one, self._other = 10, 0

    def transfer(self):
        with self._lock.writing():
            self._one -= 1
            self._other += 1

    def balances(self):
        with self._lock.reading():
            return self._one, self._other


class SoundAccounts(Accounts):
    lock = SoundReadWriteLock


Faulty = Operations.of(Accounts, {"transfer": [], "balances": []})
Sound = Operations.of(SoundAccounts, {"transfer": [], "balances": []})
