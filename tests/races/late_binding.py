"""A lambda that reads the loop's variable when it is called: by then, the loop is over.

Law: C1
Failure: AssertionError
In production: ten reminders are sent, all of them the last one.
Mend: bind the value where the lambda is made, as an argument.
"""

import sched
import time

import _sound


def countdown(n, *, interval=1.0, started=None, emit=print):
    _sound.callable_("emit", emit)
    interval = _sound.seconds("interval", interval)
    n = _sound.count("n", n)
    _sound.signal(started)
    scheduler = sched.scheduler(time.monotonic, time.sleep)
    first = time.monotonic()
    for k in range(n):
        scheduler.enterabs(first + k * interval, 0, lambda: emit(n - k))
    scheduler.enterabs(first + n * interval, 0, lambda: None)
    scheduler.run()
