"""tinydb: documents in memory.

Racy: whether there is one is asked before it is put.
"""

import threading
from contextlib import nullcontext

from tinydb import Query, TinyDB
from tinydb.storages import MemoryStorage


def register(lock):
    names = []
    with TinyDB(storage=MemoryStorage) as database:

        def join(name):
            with lock:
                if not database.contains(Query().name == name):
                    database.insert({"name": name})
                    names.append(name)

        threads = [threading.Thread(target=join, args=("ada",)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert database.count(Query().name.matches("a")) == 1
    assert names == ["ada"]


def scenario():
    register(threading.Lock())


def racy():
    register(nullcontext())


if __name__ == "__main__":
    scenario()
