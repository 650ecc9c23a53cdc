"""A periodic timer that has a future for the next tick, and another when that has fallen.

To wait is to wait for a future, and no lock is held meanwhile.
"""

import threading
import time
from concurrent.futures import Future, wait

from _arguments import seconds


class TimerStopped(Exception):
    pass


class PeriodicTimer:
    def __init__(self, interval):
        self._interval = seconds("interval", interval)
        self._lock = threading.RLock()
        self._next = Future()
        self._ticks = 0
        self._stop = threading.Event()
        self._thread = None
        self._places = threading.local()

    @property
    def ticks(self):
        with self._lock:
            return self._ticks

    def start(self):
        with self._lock:
            if self._thread is not None or self._stop.is_set():
                raise RuntimeError("a timer is started once, and not after its stop")
            self._t0 = time.monotonic()
            self._thread = threading.Thread(target=self._tick, daemon=True)
            self._thread.start()

    def _tick(self):
        while True:
            early = self._t0 + (self._ticks + 1) * self._interval - time.monotonic()
            if self._stop.wait(early) if early > 0 else self._stop.is_set():
                return
            with self._lock:
                now = time.monotonic()
                while self._t0 + (self._ticks + 1) * self._interval <= now:
                    if self._stop.is_set():
                        return
                    self._ticks += max(1, int((now - self._t0) / self._interval) - self._ticks - 1)
                fallen, self._next = self._next, Future()
            fallen.set_result(None)

    def stop(self):
        with self._lock:
            self._stop.set()
            thread = self._thread
            last, self._next = self._next, Future()
        last.set_result(None)
        if thread is not None:
            thread.join()

    def _after(self, last, end=None):
        """The tick after ``last``, if it has fallen by the time ``end``."""
        while True:
            with self._lock:
                if self._ticks > last:
                    return last + 1
                if self._stop.is_set():
                    raise TimerStopped
                coming = self._next
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError("no tick in time")
            wait([coming], left)

    def wait_for_tick(self, timeout=None):
        if timeout is not None:
            timeout = seconds("timeout", timeout, zero=True)
        last = self._places.last = getattr(self._places, "last", self.ticks)
        end = None if timeout is None else time.monotonic() + timeout
        self._places.last = self._after(last, end)
        return last + 1

    def __iter__(self):
        return self._iterate(self.ticks)

    def _iterate(self, last):
        while True:
            try:
                last = self._after(last)
            except TimerStopped:
                return
            yield last

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.stop()
