"""A periodic timer with a heap of waiters, by the tick that each waits for. A tick pops its own."""

import heapq
import itertools
import threading
import time

from _arguments import seconds


class TimerStopped(Exception):
    pass


class PeriodicTimer:
    def __init__(self, interval):
        self._interval = seconds("interval", interval)
        self._lock = threading.Lock()
        self._heap = []
        self._order = itertools.count()  # so that no two events are compared
        self._last = threading.local()
        self._stop = threading.Event()
        self._thread = None
        self._ticks = 0

    @property
    def ticks(self):
        with self._lock:
            return self._ticks

    def start(self):
        with self._lock:
            if self._stop.is_set() or self._thread is not None:
                raise RuntimeError("a timer is started once, and not after its stop")
            self._thread = threading.Thread(target=self._run, args=(time.monotonic(),), daemon=True)
            self._thread.start()

    def _run(self, t0):
        due = t0 + self._interval
        while not self._stop.wait(max(0, due - time.monotonic())):
            with self._lock:
                if self._stop.is_set():
                    return
                if time.monotonic() >= due:
                    self._ticks += 1
                    due = t0 + (self._ticks + 1) * self._interval
                    self._release(self._ticks)

    def _release(self, tick):
        while self._heap and self._heap[0][0] <= tick:
            heapq.heappop(self._heap)[2].set()

    def stop(self):
        with self._lock:
            self._stop.set()
            self._release(float("inf"))
            thread = self._thread
        if thread is not None:
            thread.join()

    def _wait(self, tick, timeout=None):
        with self._lock:
            if self._ticks >= tick:
                return
            if self._stop.is_set():
                raise TimerStopped
            entry = (tick, next(self._order), threading.Event())
            heapq.heappush(self._heap, entry)
        entry[2].wait(timeout)
        with self._lock:
            if self._ticks >= tick:
                return
            if self._stop.is_set():
                raise TimerStopped
            self._heap.remove(entry)
            heapq.heapify(self._heap)
        raise TimeoutError(f"no tick in {timeout} s")

    def wait_for_tick(self, timeout=None):
        if timeout is not None:
            timeout = seconds("timeout", timeout, zero=True)
        if not hasattr(self._last, "tick"):
            self._last.tick = self.ticks
        self._wait(self._last.tick + 1, timeout)
        self._last.tick += 1
        return self._last.tick

    def __iter__(self):
        return self._from(self.ticks + 1)

    def _from(self, first):
        for tick in itertools.count(first):
            try:
                self._wait(tick)
            except TimerStopped:
                return
            yield tick

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.stop()
