"""threading.BoundedSemaphore before a list of connections.

Racy: only the list is asked.
"""

import threading
from contextlib import contextmanager


class Pool:
    def __init__(self, size):
        self.idle = [f"connection {n}" for n in range(size)]
        self.free = threading.BoundedSemaphore(size)

    @contextmanager
    def lease(self):
        with self.free:
            connection = self.idle.pop()
            try:
                yield connection
            finally:
                self.idle.append(connection)

    @contextmanager
    def lease_unasked(self):
        if self.idle:
            connection = self.idle.pop()
            yield connection
            self.idle.append(connection)
        else:
            yield "a connection of its own"


def work(lease):
    used = []

    def client():
        with lease() as connection:
            used.append(connection)

    threads = [threading.Thread(target=client) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(used) == 3


def scenario():
    work(Pool(2).lease)


def racy():
    work(Pool(2).lease_unasked)


if __name__ == "__main__":
    scenario()
