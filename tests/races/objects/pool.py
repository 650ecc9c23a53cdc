"""The limit of a pool is looked at under its lock, and a connection is made after it was let go.

In production: the database refuses the 101st connection of a pool of a hundred.
Mend: make it under the lock; or count it there, before it is made.
"""

import threading

from hypothesis.stateful import Bundle

from threadlab import Operations, operation


class Pool:
    def __init__(self, most=1):
        self._most = most
        self._made = 0
        self._free = []
        self._returned = threading.Condition()

    def _connect(self):
        self._made += 1
        return f"connection {self._made}"

    def acquire(self):
        with self._returned:
            while not self._free and self._made == self._most:
                self._returned.wait()
            if self._free:
                return self._free.pop()
        return self._connect()  # is slow, so not under the lock

    def release(self, connection):
        with self._returned:
            if connection in self._free:
                raise ValueError(f"{connection} is free")
            self._free.append(connection)
            self._returned.notify()


class SoundPool(Pool):
    def acquire(self):
        with self._returned:
            while not self._free and self._made == self._most:
                self._returned.wait()
            return self._free.pop() if self._free else self._connect()


class Faulty(Operations):
    connections = Bundle("connections")
    pool = Pool

    def __init__(self):
        self.made = self.pool()

    @operation(target=connections)
    def acquire(self):
        return self.made.acquire()

    @operation(connection=connections)
    def release(self, connection):
        self.made.release(connection)


class Sound(Faulty):
    pool = SoundPool
