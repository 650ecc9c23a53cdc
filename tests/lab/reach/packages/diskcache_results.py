"""diskcache: a cache in a folder, over SQLite.

Racy: a number is got and set in two.
"""

import tempfile
import threading

import diskcache


def use(add):
    with tempfile.TemporaryDirectory() as folder, diskcache.Cache(folder) as cache:
        cache.set("visits", 0, expire=3600)

        def visitor():
            add(cache)
            cache.close()  # the connection of this thread

        threads = [threading.Thread(target=visitor) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert cache["visits"] == 2


def increment(cache):
    cache.incr("visits")


def get_and_set(cache):
    visits = cache["visits"]
    cache["visits"] = visits + 1


def scenario():
    use(increment)


def racy():
    use(get_and_set)


if __name__ == "__main__":
    scenario()
