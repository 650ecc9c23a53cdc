"""A periodic timer as a chain: a link for each tick, with an event and the link that follows.

A place is a link, so that nothing is counted and nobody is registered: a thread walks the chain
at its own pace, and the links that all have passed are garbage.
"""

import threading
import time

from _arguments import seconds


class TimerStopped(Exception):
    pass


class Link:
    """Of tick ``number``, with ``following`` if it has fallen; without, once it never will."""

    def __init__(self, number):
        self.number = number
        self.decided = threading.Event()
        self.following = None


class PeriodicTimer:
    def __init__(self, interval):
        self._interval = seconds("interval", interval)
        self._lock = threading.Lock()
        self._next = Link(1)
        self._own = threading.local()
        self._stop = threading.Event()
        self._thread = None

    @property
    def ticks(self):
        return self._next.number - 1

    def start(self):
        with self._lock:
            if self._stop.is_set() or self._thread is not None:
                raise RuntimeError("a timer starts once")
            self._thread = threading.Thread(target=self._run, args=(time.monotonic(),), daemon=True)
            self._thread.start()

    def stop(self):
        with self._lock:
            self._stop.set()
            self._next.decided.set()
            thread = self._thread
        if thread is not None:
            thread.join()

    def wait_for_tick(self, timeout=None):
        if timeout is not None:
            timeout = seconds("timeout", timeout, zero=True)
        try:
            link = self._own.link
        except AttributeError:
            link = self._own.link = self._next
        self._own.link = _after(link, timeout)
        return link.number

    def __iter__(self):
        return _walk(self._next)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.stop()

    def _run(self, t0):
        while True:
            due = t0 + self._next.number * self._interval
            if self._stop.wait(max(0, due - time.monotonic())):
                return
            with self._lock:
                if not self._stop.is_set() and time.monotonic() >= due:
                    link = self._next
                    link.following = self._next = Link(link.number + 1)
                    link.decided.set()


def _after(link, timeout=None):
    if not link.decided.wait(timeout):
        raise TimeoutError(f"no tick within {timeout} s")
    if link.following is None:
        raise TimerStopped
    return link.following


def _walk(link):
    while True:
        try:
            following = _after(link)
        except TimerStopped:
            return
        yield link.number
        link = following
