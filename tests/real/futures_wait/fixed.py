"""The waiter has a lock of its own to count under."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Waiter:
    def __init__(self):
        self.lock = threading.Lock()
        self.pending = 2
        self.done = threading.Event()

    def add_result(self):
        with self.lock:
            self.pending -= 1
            if not self.pending:
                self.done.set()


class Future:
    def __init__(self, waiter):
        self.lock = threading.Lock()
        self.waiter = waiter
        self.result = None

    def set_result(self, result):
        with self.lock:
            self.result = result
            self.waiter.add_result()


class Futures:
    def __init__(self):
        self.waiter = Waiter()
        self.both = [Future(self.waiter), Future(self.waiter)]


def first(futures):
    futures.both[0].set_result(1)


def second(futures):
    futures.both[1].set_result(2)


def wait(futures):
    futures.waiter.done.wait()


PARTS = Parts(Futures, [first, second, wait])


def scenario():
    PARTS.run()
