"""pybreaker: circuits open after failures.

Racy: one listener counts those of all, bare.
"""

import threading
from contextlib import nullcontext

import pybreaker


class Count(pybreaker.CircuitBreakerListener):
    def __init__(self, lock):
        self.lock = lock
        self.failures = 0

    def failure(self, breaker, error):
        with self.lock:
            self.failures += 1


def fail():
    raise OSError("it is down")


def call(lock):
    count = Count(lock)
    breakers = [
        pybreaker.CircuitBreaker(fail_max=2, reset_timeout=3600, listeners=[count])
        for _ in range(2)
    ]

    def client(breaker):
        try:
            breaker.call(fail)
        except OSError:
            pass

    threads = [threading.Thread(target=client, args=(breaker,)) for breaker in breakers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count.failures == 2
    for breaker in breakers:
        assert (breaker.fail_counter, breaker.current_state) == (1, "closed")


def scenario():
    call(threading.Lock())


def racy():
    call(nullcontext())


if __name__ == "__main__":
    scenario()
