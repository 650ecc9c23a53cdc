import tempfile
import threading

import diskcache


def scenario():
    with tempfile.TemporaryDirectory() as folder, diskcache.Cache(folder) as cache:

        def count():
            cache.incr("visits")
            with cache.transact():
                cache["double"] = cache.get("double", 0) + 2

        threads = [threading.Thread(target=count) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert cache["visits"] == 2
        assert cache["double"] == 4
