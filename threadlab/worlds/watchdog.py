"""The watchdog: a hang becomes a failure that says where every thread is.

The scenario runs in a thread of its own, and the caller waits for it with a limit. Decided
against: ``SIGALRM``, which there is not on every system, and which pytest-timeout arms once a
test, so that Hypothesis would hang for good in the second example of a test; and ending the
process, which takes the rest of the run with it. pytest's ``faulthandler_timeout`` does just
that, behind this watchdog, for whatever hangs outside of a scenario.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from threadlab.errors import Hang, Unrepeatable
from threadlab.worlds import stacks

PATIENCE = 10.0
"""Seconds without an end before a scenario, which takes milliseconds, counts as hung."""

IDLE = 0.02
"""The share of a CPU below which the process does nothing but look whether there is an end."""

T = TypeVar("T")


def watchdog(
    function: Callable[[], T], patience: float | None = None, *, idle: float = math.inf
) -> T:
    """Call ``function`` in a new thread; return its result or raise its exception.

    Raises `Hang` if it has not ended after ``patience`` seconds, 10 by default. The function goes
    on, in a daemon thread. It also counts as hung if this process uses no CPU time for ``idle``
    seconds. A slow function on a loaded machine does not.

    >>> watchdog(lambda: 6 * 7)
    42
    >>> never = threading.Event()
    >>> watchdog(never.wait, patience=0.1)
    Traceback (most recent call last):
    threadlab.errors.Hang: no end after 0.1 s; the threads of the scenario:
    ...
    >>> never.set()
    """
    __tracebackhide__ = True
    patience = PATIENCE if patience is None else patience
    results: list[T] = []
    errors: list[BaseException] = []

    def body() -> None:
        try:
            results.append(function())
        except BaseException as error:
            errors.append(error)

    others = set(stacks.frames())
    with stacks.recorded_births() as births:
        thread = threading.Thread(target=body, name="scenario", daemon=True)
        thread.start()
        # In many short waits, so that a machine that stood still for a while has used up
        # one of them and not all.
        idled = waits = 0
        while waits < 100 and idled * patience / 100 < idle:
            waits += 1
            before = time.process_time()
            thread.join(patience / 100)
            if not thread.is_alive():
                break
            idled = idled + 1 if time.process_time() - before < IDLE * patience / 100 else 0
        else:
            new = set(stacks.frames()) - others
            raise Hang(
                f"no end after {waits * patience / 100:g} s; the threads of the scenario:\n"
                f"{stacks.describe(new, births)}\nand the others:\n"
                f"{stacks.describe(others, births, depth=3)}"
            )
    if errors:
        error = errors.pop()
        if isinstance(error, KeyboardInterrupt):  # the user's would be in the main thread
            raise Unrepeatable("a KeyboardInterrupt in the scenario") from error
        raise error
    return results.pop()
