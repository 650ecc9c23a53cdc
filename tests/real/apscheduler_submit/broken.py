"""A scheduler that shuts down shuts its pool down, and wakes its own thread, to end. That may have
just found a job due, and submits it to the pool.

Report: APScheduler, issue 285: https://github.com/agronholm/apscheduler/issues/285
Versions: APScheduler of February 2018
Kind: order of shutdown
Found: exception RuntimeError
Token: 13+1.1,14.1
"""

import threading
from concurrent.futures import ThreadPoolExecutor

from tests.benchmarks.yardstick.parts import Parts


class Scheduler:
    def __init__(self):
        self.pool = ThreadPoolExecutor(1)
        self.stopped = threading.Event()

    def loop(self):
        while not self.stopped.wait(0.05):
            self.pool.submit(print, end="")

    def shutdown(self):
        self.stopped.set()
        self.pool.shutdown(wait=True)


PARTS = Parts(Scheduler, [Scheduler.loop, Scheduler.shutdown])


def scenario():
    PARTS.run()
