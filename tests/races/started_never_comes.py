"""A thread that ends before it has set its started event is waited for for ever.

Law: S3
Failure: Deadlock
In production: with the port taken, the service hangs while it starts, and says nothing.
Mend: wait for the end of the thread, too, and raise what it raised.
"""

import threading


def start(target, *args, name=None, daemon=False, timeout=None, **kwargs):
    started_evt = threading.Event()
    kwargs["started"] = started_evt
    t = threading.Thread(target=target, args=args, kwargs=kwargs, name=name, daemon=daemon)
    t.start()
    if not started_evt.wait(timeout):
        error = TimeoutError()
        error.thread = t
        raise error
    return t


def scenario():
    """A thread cannot have what it needs, and so never says that it has started."""

    def serve(started):
        raise OSError("the port is taken")

    try:
        start(serve)
    except OSError:
        pass
