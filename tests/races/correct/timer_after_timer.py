"""A periodic timer without a loop: a `threading.Timer` for each tick, which starts the next one.

Each waits for the end of the one before, so that whoever has seen the end of the last has seen all.
"""

import threading
import time

from _arguments import seconds


class TimerStopped(Exception):
    pass


class PeriodicTimer:
    def __init__(self, interval):
        self._interval = seconds("interval", interval)
        self._changed = threading.Condition()
        self._ticks = 0
        self._begun = None
        self._stopped = False
        self._timer = None
        self._of_thread = threading.local()

    @property
    def ticks(self):
        with self._changed:
            return self._ticks

    def start(self):
        with self._changed:
            if self._stopped or self._begun is not None:
                raise RuntimeError("a timer is started once, and not after its stop")
            self._begun = time.monotonic()
            self._set_timer()

    def _set_timer(self):
        early = self._begun + (self._ticks + 1) * self._interval - time.monotonic()
        timer = threading.Timer(max(early, 0), self._ring, (self._timer,))
        timer.daemon = True
        self._timer = timer
        timer.start()

    def _ring(self, before):
        if before is not None:
            before.join()
        with self._changed:
            if self._stopped:
                return
            now = time.monotonic()
            due = int((now - self._begun) / self._interval)
            while self._begun + due * self._interval > now:
                due -= 1
            while self._begun + (due + 1) * self._interval <= now:
                due += 1
            self._ticks = max(self._ticks, due)
            self._changed.notify_all()
            self._set_timer()

    def stop(self):
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            timer = self._timer
        if timer is not None:
            timer.cancel()
            timer.join()

    def _next(self, last, timeout=None):
        """The tick after ``last``."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._ticks > last or self._stopped, timeout):
                raise TimeoutError(f"no tick in {timeout} s")
            if self._ticks == last:
                raise TimerStopped
            return last + 1

    def wait_for_tick(self, timeout=None):
        if timeout is not None:
            timeout = seconds("timeout", timeout, zero=True)
        own = self._of_thread
        if not hasattr(own, "last"):
            own.last = self.ticks
        own.last = self._next(own.last, timeout)
        return own.last

    def __iter__(self):
        return self._from(self.ticks)

    def _from(self, last):
        while True:
            try:
                last = self._next(last)
            except TimerStopped:
                return
            yield last

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.stop()
