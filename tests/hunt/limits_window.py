import threading

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import (
    FixedWindowRateLimiter,
    MovingWindowRateLimiter,
    SlidingWindowCounterRateLimiter,
)


def limited(strategy):
    limiter = strategy(MemoryStorage())
    item = RateLimitItemPerMinute(2)
    got = []
    threads = [
        threading.Thread(target=lambda: got.append(limiter.hit(item, "user"))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    limiter.storage.timer.join()
    assert sorted(got) == [False, True, True]


def fixed():
    limited(FixedWindowRateLimiter)


def moving():
    limited(MovingWindowRateLimiter)


def sliding():
    limited(SlidingWindowCounterRateLimiter)
