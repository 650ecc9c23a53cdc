"""The thread-leak guard: what a block starts, it must see end.

Threads are told apart as objects, not by ident, since an ident is used again. Threads that
were made by ``_thread`` directly have no object; for them the interpreter's own list of
frames is asked.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from threadlab.errors import Hang, Leak
from threadlab.worlds import stacks

GRACE = 2.0
"""Seconds that a thread may take to end by itself on a loaded machine, before it is a leak."""

abandoned: list[threading.Thread] = []
"""The threads that were reported, and may be running still."""


@contextmanager
def leak_guard(grace: float | None = None) -> Iterator[None]:
    """Raise `Leak` if threads that the block has started still run ``grace`` seconds after it.

    ``grace`` is 2 by default. If the block raised an exception, that is the cause of the `Leak`. A
    `Hang`, a `Leak` of a guard inside the block, and Ctrl-C propagate at once, as they are.

    >>> never = threading.Event()
    >>> with leak_guard(grace=0.1):
    ...     threading.Thread(target=never.wait, name="Fred", daemon=True).start()
    Traceback (most recent call last):
    threadlab.errors.Leak: left running: 1 thread
    thread 'Fred'...
    >>> never.set()
    """
    __tracebackhide__ = True
    grace = GRACE if grace is None else grace
    threads, idents = set(threading.enumerate()), set(stacks.frames())

    def left_over() -> set[int]:
        known = {thread.ident for thread in threads}
        now = {thread.ident for thread in threading.enumerate() if thread not in threads}
        raw = set(stacks.frames()) - idents - known
        return {ident for ident in now | raw if ident is not None}

    with stacks.recorded_births() as births:
        error: BaseException | None = None
        try:
            yield
        except (Hang, Leak, KeyboardInterrupt):
            abandoned.extend(set(threading.enumerate()) - threads)
            raise
        except BaseException as raised:
            error = raised
            if not left_over():
                raise
        waited, pause = 0.0, 0.0001
        while left := left_over():
            if waited >= grace:
                abandoned.extend(set(threading.enumerate()) - threads)
                count = f"{len(left)} thread{'s' * (len(left) > 1)}"
                raise Leak(f"left running: {count}\n{stacks.describe(left, births)}") from error
            # Counted in pauses and not by a clock, so that a machine that stood still for
            # a while does not take the threads' grace away.
            time.sleep(pause)
            waited += pause
            pause = min(2 * pause, 0.05)
        if error is not None:
            raise error


def exit_despite_abandoned(status: int) -> None:
    """End the process now if a reported thread, being no daemon, would keep it for ever."""
    if any(thread.is_alive() and not thread.daemon for thread in abandoned):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
