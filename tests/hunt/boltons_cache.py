import threading

from boltons.cacheutils import LRU


def scenario():
    cache = LRU(max_size=2)

    def use(key):
        cache[key] = key
        cache.get(key)
        cache.pop(key, None)

    threads = [threading.Thread(target=use, args=(key,)) for key in "aab"]
    for thread in threads:
        thread.start()
    cache.clear()
    for thread in threads:
        thread.join()
    assert len(cache) == 0
