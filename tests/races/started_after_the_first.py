"""``started`` is set after the first value: too late for who counts on it, and never for none.

Law: C2
Failure: AssertionError
In production: the first message is lost, since nobody listened before the signal.
Mend: signal as soon as the body has begun.
"""

import _sound


def countdown(n, *, interval=1.0, started=None, emit=print):
    _sound.callable_("emit", emit)
    if started is not None:
        _sound.methods("started", started, "set")

    def emit_and_signal(value):
        emit(value)
        if value == n:
            _sound.signal(started)

    _sound.countdown(n, interval=interval, emit=emit_and_signal)
