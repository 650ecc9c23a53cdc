"""pybreaker: a circuit opens after failures. Racy: a listener counts them bare."""

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
    breaker = pybreaker.CircuitBreaker(fail_max=3, reset_timeout=3600, listeners=[count])

    def client():
        try:
            breaker.call(fail)
        except OSError:
            pass

    threads = [threading.Thread(target=client) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert breaker.fail_counter == count.failures == 2
    assert breaker.current_state == "closed"


def scenario():
    call(threading.Lock())


def racy():
    call(nullcontext())


if __name__ == "__main__":
    scenario()
