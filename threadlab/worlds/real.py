"""The real world: real threads, the real clock, real sockets, under a watchdog and a leak guard."""

import concurrent.futures
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TypeVar

from hypothesis import strategies as st

from threadlab.errors import Hang, Unrepeatable, note
from threadlab.worlds.leaks import leak_guard
from threadlab.worlds.subjects import Subject
from threadlab.worlds.watchdog import watchdog

T = TypeVar("T")

_hung: set[ModuleType] = set()
"""The subjects of which a scenario has hung, in this process."""

IDLE, IDLE_AGAIN = 6.0, 2.0
"""Seconds in which nothing is done; the second if that is known of the subject."""


class RealWorld:
    """Real threads, the real clock, real sockets: any schedule that the machine comes up with.

    It can only sample schedules, and must never cry wolf: ``patience`` is many times what a
    scenario takes, and so is the time in which nothing at all is done that is a hang as well. A
    subject that has hung is broken, and hangs again in one test after the other, so from then on
    less of that is enough.
    """

    threading: ModuleType = threading
    time: ModuleType = time
    socket: ModuleType = socket
    futures: ModuleType = concurrent.futures

    def __init__(self, subject: Subject, patience: float | None = None) -> None:
        self.subject = subject.module
        self.patience = patience
        self.executions = self.cut_off = 0
        self.virtual_seconds = 0.0

    def __repr__(self) -> str:
        return "real"

    def for_example(self, data: st.DataObject) -> "RealWorld":
        return self

    def intervals(self) -> st.SearchStrategy[float]:
        return st.integers(1, 5).map(lambda milliseconds: milliseconds / 1000)

    def counts(self, least: int) -> st.SearchStrategy[int]:
        return st.integers(least, 6)

    def late(self, at: float, due: float) -> bool:
        """Never: what is late is a hang for the watchdog, and a machine may stand still."""
        return False

    def early(self, at: float, due: float) -> bool:
        """Never: whoever reads the clock may be held back on the way there."""
        return False

    def overdue(self, at: float, due: float, since: float) -> bool:
        return False

    def run(self, scenario: Callable[[], T]) -> T:
        __tracebackhide__ = True
        self.executions += 1
        try:
            with _unhandled_raised(), leak_guard():
                idle = IDLE_AGAIN if self.subject in _hung else IDLE
                return watchdog(scenario, self.patience, idle=idle)
        except Hang:
            _hung.add(self.subject)
            raise


@contextmanager
def _unhandled_raised() -> Iterator[None]:
    """Raise at the end what a thread did not handle meanwhile, or note it on what is raised."""
    errors: list[BaseException] = []
    others = set(threading.enumerate())  # what these raise is of another scenario

    def hook(args: threading.ExceptHookArgs) -> None:
        if args.thread in others:
            return
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            errors.append(args.exc_value)
            note(args.exc_value, f"in thread {args.thread.name if args.thread else '?'}")

    before = threading.excepthook
    threading.excepthook = hook
    try:
        yield
    except BaseException as error:
        for other in errors:
            note(error, f"beside it, {' '.join(getattr(other, '__notes__', []))}: {other!r}")
        raise
    finally:
        threading.excepthook = before
    if errors:
        if isinstance(errors[0], KeyboardInterrupt):  # the user's would be in the main thread
            raise Unrepeatable("a KeyboardInterrupt in a thread") from errors[0]
        raise errors[0]
