"""A pool is looked for and made in one block of the lock."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Pool:
    def __init__(self):
        self.closed = False

    def request(self):
        if self.closed:
            raise RuntimeError("the pool is closed")


class Pools:
    """One for each host; one that is replaced is closed."""

    def __init__(self):
        self.lock = threading.RLock()
        self.of_host = {}

    def get(self, host):
        with self.lock:
            return self.of_host.get(host)

    def set(self, host, pool):
        with self.lock:
            replaced = self.of_host.get(host)
            self.of_host[host] = pool
        if replaced is not None:
            replaced.closed = True

    def pool(self, host):
        with self.lock:
            pool = self.get(host)
            if pool is None:
                pool = Pool()
                self.set(host, pool)
            return pool


def client(pools):
    pools.pool("example.org").request()


PARTS = Parts(Pools, [client, client])


def scenario():
    PARTS.run()
