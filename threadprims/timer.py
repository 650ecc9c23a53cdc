"""A periodic timer that several threads wait on: ``PeriodicTimer``.

The usual recipe flips a one-bit flag and notifies a condition. Two ticks before a waiter has
the lock again look like none, a thread that comes back late has missed some, and each sleep
adds its error to the next. Here ticks are *counted*, each thread has a *place* in the count,
and tick k is due at ``t0 + k * interval``: a late thread reads on from its place.

Decided against: a queue for each waiter, which grows while a slow thread is away; and ticks
computed from the clock alone, without a thread, which never fall at one moment for everyone,
so that ``stop()`` could not promise that none falls after it.
"""

import sys
import threading
import time
from collections.abc import Iterator
from typing import Self

from threadprims import _arguments


class TimerStopped(Exception):
    """The timer has stopped, and this thread has had every tick that fell before."""


class PeriodicTimer:
    """Ticks every ``interval`` seconds, for any number of threads.

    Tick k (k = 1, 2, ...) falls at ``t0 + k * interval``, ``t0`` being the time of `start`, or
    as soon after as the timer's thread gets to run (P1); that thread is a daemon (P11).
    Every method may be called from any thread (G4), and no thread delays another (P9).

    A ``with`` block starts the timer at entry and stops it at exit. Iteration yields
    consecutive ticks, from the first to fall after ``iter()``, with a place of its own, and
    ends when the timer has stopped and it has had them all (P10).
    Raises `TypeError` or `ValueError` for a wrong argument (G3).

    >>> timer = PeriodicTimer(0.001)
    >>> ticks = iter(timer)
    >>> with timer:
    ...     next(ticks), next(ticks), next(ticks)
    (1, 2, 3)
    """

    def __init__(self, interval: float) -> None:
        self._interval = _arguments.seconds("interval", interval)
        self._changed = threading.Condition()  # guards and announces all of the following
        self._ticks = 0
        self._stopped = False
        self._t0 = 0.0
        self._thread: threading.Thread | None = None
        # Not a dict by ident: a new thread may have the ident of a dead one, and its place.
        self._place = threading.local()

    @property
    def ticks(self) -> int:
        """How many ticks have fallen."""
        with self._changed:
            return self._ticks

    def start(self) -> None:
        """Start ticking. Raises `RuntimeError` if started or stopped before (P8)."""
        with self._changed:
            if self._stopped or self._thread is not None:
                state = "stopped" if self._stopped else "started"
                raise RuntimeError(f"the timer was {state} before; make a new one")
            thread = threading.Thread(target=self._run, name="PeriodicTimer", daemon=True)
            self._t0 = time.monotonic()
            try:
                thread.start()
            except BaseException:  # no thread to be had, or Ctrl-C: then it is to end at once
                self._stopped = True
                raise
            self._thread = thread

    def stop(self) -> None:
        """Stop for ever, and release every waiter (P6), also before `start` and again (P8).

        Returns when the timer's thread has finished; no tick falls after that (P5).
        """
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            thread = self._thread
        # A finaliser may run in the timer's own thread, which cannot wait for itself.
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def wait_for_tick(self, timeout: float | None = None) -> int:
        """Wait for the next tick that this thread has not had, and return its number.

        A thread's first call returns the first tick to fall after it; from then on it gets
        every tick, one by one, however late it comes back (P2), never before the tick has
        fallen (P3), and without waiting while it is behind (P4).

        Raises `TimeoutError` after ``timeout`` seconds without one, and uses none up; 0 looks
        and does not wait (P7). Raises `TimerStopped` once the timer has stopped and this thread
        has had its ticks (P6).
        """
        if timeout is not None:
            timeout = min(_arguments.seconds("timeout", timeout, zero=True), threading.TIMEOUT_MAX)
        with self._changed:
            last: int = getattr(self._place, "last", self._ticks)
            self._place.last = last  # also if there is no tick in time: the place stays
            self._place.last = self._next(last, timeout)
            return last + 1

    def __iter__(self) -> Iterator[int]:
        return self._after(self.ticks)  # read now; a generator would read at the first next()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def _after(self, last: int) -> Iterator[int]:
        while True:
            try:
                with self._changed:
                    last = self._next(last, None)
            except TimerStopped:
                return
            yield last

    def _next(self, last: int, timeout: float | None) -> int:
        """The tick after ``last``, as soon as it has fallen. Called with the lock held."""
        if not self._changed.wait_for(lambda: self._ticks > last or self._stopped, timeout):
            raise TimeoutError(f"no tick within {timeout} s")
        if self._ticks == last:
            raise TimerStopped(f"the timer stopped after {last} ticks")
        return last + 1

    def _run(self) -> None:
        while True:
            with self._changed:  # let go in each round, also by a timer that is always behind
                if self._stopped:
                    return
                now = time.monotonic()
                early = self._t0 + (self._ticks + 1) * self._interval - now
                if early > 0:
                    self._changed.wait(min(early, threading.TIMEOUT_MAX))
                else:
                    # Far behind, all but the last at one go, and the last, since the quotient
                    # may have been rounded up, in the next round.
                    due = int(min((now - self._t0) / self._interval, sys.maxsize))
                    self._ticks = max(self._ticks + 1, due - 1)
                    self._changed.notify_all()
