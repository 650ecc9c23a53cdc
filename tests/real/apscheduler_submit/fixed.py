"""The pool is shut down when the thread that submits to it has ended."""

import threading
from concurrent.futures import ThreadPoolExecutor

from tests.benchmarks.yardstick.parts import Parts


class Scheduler:
    def __init__(self):
        self.pool = ThreadPoolExecutor(1)
        self.stopped = threading.Event()
        self.ended = threading.Event()

    def loop(self):
        while not self.stopped.wait(0.05):
            self.pool.submit(print, end="")
        self.ended.set()

    def shutdown(self):
        self.stopped.set()
        self.ended.wait()
        self.pool.shutdown(wait=True)


PARTS = Parts(Scheduler, [Scheduler.loop, Scheduler.shutdown])


def scenario():
    PARTS.run()
