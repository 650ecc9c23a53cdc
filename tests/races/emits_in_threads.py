"""A thread for each emission, so that a slow one does not hold up the rest: they may overtake.

Law: C1
Failure: AssertionError
Shown by: test_C1_emits_every_value_once_and_in_order --schedule=1.1
In production: on a busy server the log says 3, 1, 2.
Mend: emit in the thread that counts.
"""

import threading
import time

import _sound


def countdown(n, *, interval=1.0, started=None, emit=print):
    _sound.callable_("emit", emit)
    interval = _sound.seconds("interval", interval)
    n = _sound.count("n", n)
    _sound.signal(started)
    first = time.monotonic()
    for k in range(n):
        threading.Thread(target=emit, args=(n - k,)).start()
        while (left := first + (k + 1) * interval - time.monotonic()) > 0:
            time.sleep(left)
