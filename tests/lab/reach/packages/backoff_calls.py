"""backoff: exponential waits, with jitter.

Racy: on_backoff is called by all, and counts bare.
"""

import threading
from contextlib import nullcontext

import backoff


class Tally:
    def __init__(self, lock):
        self.lock = lock
        self.count = 0

    def __call__(self, details):
        assert details["tries"] == 1
        with self.lock:
            self.count += 1


def call(lock):
    tally, tried = Tally(lock), threading.local()

    @backoff.on_exception(backoff.expo, OSError, max_tries=3, factor=0.001, on_backoff=tally)
    def flaky():
        tried.before = not hasattr(tried, "before")
        if tried.before:
            raise OSError("the first time")
        return "well"

    answers = []
    threads = [threading.Thread(target=lambda: answers.append(flaky())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["well"] * 2
    assert tally.count == 2


def scenario():
    call(threading.Lock())


def racy():
    call(nullcontext())


if __name__ == "__main__":
    scenario()
