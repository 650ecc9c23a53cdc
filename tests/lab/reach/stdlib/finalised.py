"""__del__ and gc: handles go back to a pool when nobody holds them.

Racy: they are counted bare.
"""

import gc
import threading


class Handle:
    def __init__(self, pool, number):
        self.pool = pool
        self.number = number
        self.me = self  # only the collector ends it

    def __del__(self):
        self.pool.returned.append(self.number)


class Pool:
    def __init__(self):
        self.lock = threading.Lock()
        self.given = 0
        self.returned = []

    def lease(self):
        with self.lock:
            return self.lease_alone()

    def lease_alone(self):
        number = self.given
        self.given += 1
        return Handle(self, number)


def use(pool, lease):
    threads = [threading.Thread(target=lease) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gc.collect()
    assert sorted(pool.returned) == [0, 1]


def scenario():
    pool = Pool()
    use(pool, pool.lease)


def racy():
    pool = Pool()
    use(pool, pool.lease_alone)


if __name__ == "__main__":
    scenario()
