"""An exception of ``emit`` is logged and forgotten: the countdown goes on as if all were well.

Law: C5
Failure: Failed
In production: the disk is full, and the job reports success.
Mend: let it propagate; who called knows what to do.
"""

import _sound


def countdown(n, *, interval=1.0, started=None, emit=print):
    _sound.callable_("emit", emit)

    def careful(value):
        try:
            emit(value)
        except Exception:
            pass

    _sound.countdown(n, interval=interval, started=started, emit=careful)
