import threading

import cachetools


def scenario():
    calls = []

    @cachetools.cached(cachetools.TTLCache(maxsize=1, ttl=10), condition=threading.Condition())
    def price(item):
        calls.append(item)
        return item * 2

    got = []
    threads = [
        threading.Thread(target=lambda item=item: got.append(price(item))) for item in (1, 1, 2)
    ]
    for thread in threads:
        thread.start()
    price.cache_clear()
    for thread in threads:
        thread.join()
    assert sorted(got) == [2, 2, 4]
