"""cachetools: TTLCache and cached with a lock.

Racy: the same cache, asked and filled bare.
"""

import threading

from cachetools import LRUCache, TTLCache, cached

asked = []
prices = TTLCache(maxsize=4, ttl=3600)


def look_up(name):
    asked.append(name)
    return len(name)


locked_price = cached(prices, lock=threading.RLock())(look_up)


def bare_price(name):
    if name not in prices:
        prices[name] = look_up(name)
    return prices[name]


def shop(price):
    def buy():
        for name in ("tea", "milk"):
            assert price(name) == len(name)

    threads = [threading.Thread(target=buy) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(prices) == 2


def scenario():
    shop(locked_price)
    assert LRUCache(2, getsizeof=len).currsize == 0


def racy():
    shop(bare_price)
    assert len(asked) == 2


if __name__ == "__main__":
    scenario()
