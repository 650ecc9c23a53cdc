"""``started`` is asked ``is_set()`` first: whatever has a ``set()`` alone is no signal any more.

Law: C4
Failure: AttributeError
In production: works in threads, and fails in the pool, where a pipe stands in for the event.
Mend: just set it; set twice is set.
"""

import _sound


def countdown(n, *, interval=1.0, started=None, emit=print):
    if started is not None:
        _sound.methods("started", started, "set")
        if started.is_set():
            started = None
    _sound.countdown(n, interval=interval, started=started, emit=emit)
