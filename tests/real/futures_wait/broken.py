"""Whoever waits for all of some futures counts down those that are not done. Each future counts
under its own lock, so that two of them count at once, and one is not counted: the wait has no end.

Report: futures, issue 14: https://github.com/agronholm/pythonfutures/issues/14
Versions: futures 2.1.2, and Python of 2012 (issue 14406)
Kind: lost update
Found: deadlock
Token: 25.1,32.1
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Waiter:
    def __init__(self):
        self.pending = 2
        self.done = threading.Event()

    def add_result(self):
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
