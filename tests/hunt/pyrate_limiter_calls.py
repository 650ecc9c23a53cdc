import threading

from pyrate_limiter import Duration, InMemoryBucket, Limiter, Rate


def scenario():
    with Limiter(InMemoryBucket([Rate(2, Duration.MINUTE)])) as limiter:
        got = []
        threads = [
            threading.Thread(target=lambda: got.append(limiter.try_acquire("user", blocking=False)))
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(got) == [False, True, True]
