"""A countdown by the standard library's scheduler: an event for each value, and one for the end."""

import sched
import time

from _arguments import count, function, seconds, tell


def countdown(n, *, interval=1.0, started=None, emit=print):
    n, interval = count("n", n), seconds("interval", interval)
    function("emit", emit)
    tell(started)
    scheduler = sched.scheduler(time.monotonic, time.sleep)
    first = time.monotonic()
    for k in range(n):
        scheduler.enterabs(first + k * interval, 0, emit, (n - k,))
    scheduler.enterabs(first + n * interval, 0, lambda: None)
    scheduler.run()
