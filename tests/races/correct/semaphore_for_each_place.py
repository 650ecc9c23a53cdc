"""A periodic timer with a semaphore for each place: its count is how many ticks are to be had.

The timer keeps no place alive: it is its thread's, or its iterator's.
"""

import threading
import time
import weakref

from _arguments import seconds


class TimerStopped(Exception):
    pass


class Place:
    def __init__(self, timer):
        self.tokens = threading.Semaphore(0)
        with timer.lock:
            self.had = timer.fallen
            if timer.stopped:
                self.tokens.release()
            timer.places[id(self)] = self

    def next(self, timer, timeout=None):
        got = self.tokens.acquire(timeout=timeout)
        with timer.lock:
            if not got and not self.tokens.acquire(blocking=False):
                raise TimeoutError(f"no tick in {timeout} s")
            if self.had == timer.fallen:  # the token of the stop, which stays
                self.tokens.release()
                raise TimerStopped
            self.had += 1
            return self.had


class PeriodicTimer:
    def __init__(self, interval):
        self._interval = seconds("interval", interval)
        self.lock = threading.RLock()
        self.places = weakref.WeakValueDictionary()  # by age, which a set does not keep
        self.fallen = 0
        self.stopped = False
        self._own = threading.local()
        self._woken = threading.Semaphore(0)
        self._thread = None

    @property
    def ticks(self):
        with self.lock:
            return self.fallen

    def start(self):
        with self.lock:
            if self.stopped or self._thread is not None:
                raise RuntimeError("a timer is started once, and not after its stop")
            self._thread = threading.Thread(target=self._run, args=(time.monotonic(),), daemon=True)
            self._thread.start()

    def _run(self, t0):
        while True:
            due = t0 + (self.fallen + 1) * self._interval
            self._woken.acquire(timeout=max(0, due - time.monotonic()))
            with self.lock:
                if self.stopped:
                    return
                if time.monotonic() >= due:
                    self.fallen += 1
                    self._hand_out()

    def _hand_out(self):
        for place in list(self.places.values()):
            place.tokens.release()

    def stop(self):
        with self.lock:
            if not self.stopped:
                self.stopped = True
                self._hand_out()
                self._woken.release()
            thread = self._thread
        if thread is not None:
            thread.join()

    def wait_for_tick(self, timeout=None):
        if timeout is not None:
            timeout = seconds("timeout", timeout, zero=True)
        if not hasattr(self._own, "place"):
            self._own.place = Place(self)
        return self._own.place.next(self, timeout)

    def __iter__(self):
        return self._walk(Place(self))

    def _walk(self, place):
        while True:
            try:
                tick = place.next(self)
            except TimerStopped:
                return
            yield tick

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.stop()
