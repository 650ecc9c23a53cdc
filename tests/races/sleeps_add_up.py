"""A countdown that sleeps one interval after each value: the errors of the sleeps add up.

Law: C3
Failure: AssertionError
In production: ten thousand values, one a second, take three hours, not two and three quarters.
Mend: sleep until ``first + k * interval``.
"""

import time


def countdown(n, *, interval=1.0, started=None, emit=print):
    if started is not None:
        started.set()
    while n > 0:
        emit(n)
        n -= 1
        time.sleep(interval)
