import threading

from memoization import cached


def scenario():
    calls = []

    @cached(max_size=1, ttl=10)
    def double(n):
        calls.append(n)
        return 2 * n

    got = []
    threads = [threading.Thread(target=lambda n=n: got.append(double(n))) for n in (1, 1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [2, 2, 4]
