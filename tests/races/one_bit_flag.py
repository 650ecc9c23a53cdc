"""A timer that shows its ticks as one bit: two of them before a waiter looks are none.

Law: P2
Failure: AssertionError
In production: a counter that falls behind, by two at a time, when the machine is busy; and a
thread that is away for a tick never hears of it.
Mend: count the ticks, and keep for each thread how many it has had.
"""

import threading
import time


class TimerStopped(Exception):
    pass


class PeriodicTimer:
    def __init__(self, interval):
        self._interval = interval
        self._flag = 0
        self._cv = threading.Condition()
        self._stopped = False
        self.ticks = 0

    def start(self):
        self._thread = threading.Thread(target=self.run)
        self._thread.daemon = True
        self._thread.start()

    def run(self):
        while not self._stopped:
            time.sleep(self._interval)
            with self._cv:
                self._flag ^= 1
                self.ticks += 1
                self._cv.notify_all()

    def wait_for_tick(self, timeout=None):
        with self._cv:
            last_flag = self._flag
            while last_flag == self._flag and not self._stopped:
                if not self._cv.wait(timeout):
                    raise TimeoutError
            if self._stopped:
                raise TimerStopped
            return self.ticks

    def stop(self):
        with self._cv:
            self._stopped = True
            self._cv.notify_all()
        self._thread.join()

    def __iter__(self):
        while not self._stopped:
            yield self.wait_for_tick()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.stop()


def scenario():
    """A thread waits for the next tick."""
    timer = PeriodicTimer(0.5)
    waited = []

    def wait():
        with timer._cv:  # it is reentrant, so nothing comes between these two
            before = timer.ticks
            waited.append((before, timer.wait_for_tick()))

    waiter = threading.Thread(target=wait)
    waiter.start()
    with timer:
        waiter.join()
    ((before, tick),) = waited
    assert tick == before + 1
