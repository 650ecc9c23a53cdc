"""The thread that manages a pool of processes holds the lock of its shutdown when it joins the
thread that hands over the calls. That one has a call that cannot be pickled, and to wake the
manager, it wants the lock.

Report: CPython, issue 125451: https://github.com/python/cpython/pull/125492
Versions: Python 3.12 and 3.13 until October 2024
Kind: deadlock by join
Found: deadlock
Token: 17.1
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Executor:
    def __init__(self):
        self.shutdown_lock = threading.Lock()
        self.woken = threading.Event()
        self.feeder = threading.Thread(target=self.feed)

    def feed(self):
        # The call cannot be pickled.
        with self.shutdown_lock:
            self.woken.set()

    def manage(self):
        self.feeder.start()
        with self.shutdown_lock:
            self.feeder.join()


PARTS = Parts(Executor, [Executor.manage])


def scenario():
    PARTS.run()
