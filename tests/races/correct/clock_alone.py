"""A periodic timer without a thread: how many ticks have fallen is computed from the clock.

Each waiter waits until its own tick is due; a stop notes how many had fallen by then, and from
then on that is all there are.
"""

import math
import threading
import time

from _arguments import seconds


class TimerStopped(Exception):
    pass


class PeriodicTimer:
    def __init__(self, interval):
        self._interval = seconds("interval", interval)
        self._changed = threading.Condition()  # started, or stopped
        self._own = threading.local()
        self._t0 = None
        self._total = None  # how many ticks there are in all, once that is known

    @property
    def ticks(self):
        with self._changed:
            return self._fallen()

    def start(self):
        with self._changed:
            if self._total is not None or self._t0 is not None:
                raise RuntimeError("a timer starts once")
            self._t0 = time.monotonic()
            self._changed.notify_all()

    def stop(self):
        with self._changed:
            self._total = self._fallen()
            self._changed.notify_all()

    def wait_for_tick(self, timeout=None):
        if timeout is not None:
            timeout = seconds("timeout", timeout, zero=True)
        with self._changed:
            last = self._own.last = getattr(self._own, "last", self._fallen())
            self._wait_until_after(last, timeout)
            self._own.last = last + 1
        return last + 1

    def __iter__(self):
        return self._ticks_after(self.ticks)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.stop()

    def _ticks_after(self, last):
        while True:
            try:
                with self._changed:
                    self._wait_until_after(last, None)
            except TimerStopped:
                return
            last += 1
            yield last

    def _wait_until_after(self, last, timeout):
        over = math.inf if timeout is None else time.monotonic() + timeout
        while self._fallen() <= last:
            if self._total is not None:
                raise TimerStopped
            now = time.monotonic()
            if now >= over:
                raise TimeoutError(f"no tick within {timeout} s")
            due = math.inf if self._t0 is None else self._due(last + 1)
            left = min(due, over) - now
            self._changed.wait(None if left == math.inf else max(0, left))

    def _fallen(self):
        """The last tick that is due. Called with the lock held."""
        if self._total is not None:
            return self._total
        if self._t0 is None:
            return 0
        now = time.monotonic()
        k = int((now - self._t0) / self._interval)
        # the quotient is rounded, and so are the times: `_due` alone says when a tick falls
        while k > 0 and self._due(k) > now:
            k -= 1
        while self._due(k + 1) <= now:
            k += 1
        return k

    def _due(self, k):
        return self._t0 + k * self._interval
