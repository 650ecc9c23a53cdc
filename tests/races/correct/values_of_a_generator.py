"""A countdown over a generator that paces what it yields, and waits for a lock nobody lets go."""

import threading
import time

from _arguments import count, function, seconds, tell


def paced(values, interval):
    """Each of ``values`` when it is due, and the end an interval after the last."""
    lock = threading.Lock()
    lock.acquire()
    first = time.monotonic()
    for k, value in enumerate(values, 1):
        yield value
        while (early := first + k * interval - time.monotonic()) > 0:
            lock.acquire(timeout=early)


def countdown(n, *, interval=1.0, started=None, emit=print):
    n, interval = count("n", n), seconds("interval", interval)
    function("emit", emit)
    tell(started)
    for value in paced(range(n, 0, -1), interval):
        emit(value)
