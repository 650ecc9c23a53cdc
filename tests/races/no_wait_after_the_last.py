"""A countdown that waits before each value and not after the last: it returns with that.

Law: C3
Failure: AssertionError
In production: "closed in one minute", says the page, and is closed when it says so.
Mend: wait after each value.
"""

import time

import _sound
from _sound import count, signal


def countdown(n, *, interval=1.0, started=None, emit=print):
    _sound.CountdownTask(interval=interval, emit=emit)  # refuses wrong arguments
    n = count("n", n)
    signal(started)
    begun = time.monotonic()
    for k in range(n):
        time.sleep(max(0, begun + (k + 1) * interval - time.monotonic()))
        emit(n - k)
