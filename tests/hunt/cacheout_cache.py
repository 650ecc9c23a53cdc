import threading

from cacheout import LRUCache


def scenario():
    cache = LRUCache(maxsize=2, ttl=10)
    calls = []

    @cache.memoize()
    def double(n):
        calls.append(n)
        return 2 * n

    def use():
        assert double(1) == 2
        cache.set("a", 1)
        cache.get("a")
        cache.delete("a")

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    cache.clear()
    for thread in threads:
        thread.join()
    assert len(cache) <= 2
