"""A periodic timer that puts each tick into a queue for each thread, and for each iterator.

A queue grows while its reader is away, and is there for as long as the timer.
"""

import queue
import threading
import time

from _arguments import seconds


class TimerStopped(Exception):
    pass


class Reader:
    """A place in the sequence of ticks: those that have fallen and that it has not had."""

    def __init__(self, lock, over):
        self.ticks = queue.SimpleQueue()
        self._lock = lock
        self._over = over

    def get(self, timeout):
        if self._over:
            raise TimerStopped
        try:
            tick = self.ticks.get(timeout=timeout) if timeout != 0 else self._look()
        except queue.Empty:
            try:
                tick = self._look()
            except queue.Empty:
                raise TimeoutError(f"no tick within {timeout} s") from None
        if tick is None:
            self._over = True
            raise TimerStopped
        return tick

    def _look(self):
        with self._lock:  # so that a tick which some have and some have not is waited for
            return self.ticks.get_nowait()


class PeriodicTimer:
    def __init__(self, interval):
        self._interval = seconds("interval", interval)
        self._lock = threading.Lock()
        self._readers = []
        self._own = threading.local()
        self._woken = threading.Event()
        self._ticks = 0
        self._t0 = 0.0
        self._state = "new"
        self._thread = None

    @property
    def ticks(self):
        with self._lock:
            return self._ticks

    def start(self):
        with self._lock:
            if self._state != "new":
                raise RuntimeError(f"the timer has {self._state} before")
            self._state = "started"
            self._t0 = time.monotonic()
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def stop(self):
        with self._lock:
            if self._state != "stopped":
                self._state = "stopped"
                self._put(None)
            thread = self._thread
        self._woken.set()
        if thread is not None:
            thread.join()

    def wait_for_tick(self, timeout=None):
        if timeout is not None:
            timeout = seconds("timeout", timeout, zero=True)
        try:
            reader = self._own.reader
        except AttributeError:
            reader = self._own.reader = self._reader()
        return reader.get(timeout)

    def __iter__(self):
        return self._ticks_of(self._reader())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.stop()

    def _reader(self):
        with self._lock:
            reader = Reader(self._lock, over=self._state == "stopped")
            self._readers.append(reader)
        return reader

    def _ticks_of(self, reader):
        while True:
            try:
                tick = reader.get(None)
            except TimerStopped:
                return
            yield tick

    def _put(self, tick):
        for reader in self._readers:
            reader.ticks.put(tick)

    def _run(self):
        while not self._woken.wait(self._early()):
            with self._lock:
                if self._state == "stopped":
                    return
                if self._early() == 0:
                    self._ticks += 1
                    self._put(self._ticks)

    def _early(self):
        return max(0, self._t0 + (self._ticks + 1) * self._interval - time.monotonic())
