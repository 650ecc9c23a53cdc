"""A subscription that nobody needs any more gives its connection back to the pool as it is deleted,
under the pool's lock. It may be deleted while its thread is in the pool, and has that lock.

Report: redis-py, issue 3081: https://github.com/redis/redis-py/issues/3081
Versions: redis-py 5.0.0
Kind: re-entrancy from a finaliser or signal handler
Found: deadlock
Token: 13.1,14+1.1
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Pool:
    def __init__(self):
        self.lock = threading.Lock()
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
