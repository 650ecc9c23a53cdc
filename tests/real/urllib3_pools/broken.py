"""Two threads want the pool of connections to one host, and find none. Each makes one; the second
takes the place of the first, which is closed for that, while its thread is about to use it.

Report: urllib3, pull request 204: https://github.com/urllib3/urllib3/pull/204
Versions: urllib3 of July 2013
Kind: check then act
Found: exception RuntimeError
Token: 14.1,20.1,33.1
"""

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
        self.lock = threading.Lock()
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
