"""Two threads emit, so that a slow emission does not hold up the rest: values may overtake.

Law: C1
Failure: AssertionError
Shown by: test_C1_emits_every_value_once_and_in_order --schedule=1.1
In production: on a busy server the log says 3, 1, 2.
Mend: emit in the thread that counts.
"""

import queue
import threading

import _sound


def countdown(n, *, interval=1.0, started=None, emit=print):
    _sound.callable_("emit", emit)
    values = queue.SimpleQueue()

    def work():
        while (value := values.get()) is not None:
            emit(value)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        _sound.countdown(n, interval=interval, started=started, emit=values.put)
    finally:
        for _ in threads:
            values.put(None)
        for thread in threads:
            thread.join()
