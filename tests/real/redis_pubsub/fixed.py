"""A thread may take the lock of the pool again."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Pool:
    def __init__(self):
        self.lock = threading.RLock()
        self.free = [1, 2]
        self.garbage = []

    def get(self):
        with self.lock:
            connection = self.free.pop()
            self.garbage.clear()  # as the collector may do at any time
            return connection

    def release(self, connection):
        with self.lock:
            self.free.append(connection)


class Subscription:
    def __init__(self, pool):
        self.pool = pool
        self.connection = pool.get()

    def __del__(self):
        self.pool.release(self.connection)


def listener(pool):
    pool.garbage.append(Subscription(pool))


def client(pool):
    pool.release(pool.get())


PARTS = Parts(Pool, [client, listener])


def scenario():
    PARTS.run()
