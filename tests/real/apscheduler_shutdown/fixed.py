"""The lock is held for the job stores alone, after the jobs have ended."""

import threading
from concurrent.futures import ThreadPoolExecutor

from tests.benchmarks.yardstick.parts import Parts


class Scheduler:
    def __init__(self):
        self.lock = threading.RLock()
        self.jobs = {"report": "every day"}
        self.pool = ThreadPoolExecutor(1)

    def job(self):
        with self.lock:
            return self.jobs["report"]

    def shutdown(self):
        self.pool.shutdown(wait=True)
        with self.lock:
            self.jobs.clear()


def application(scheduler):
    future = scheduler.pool.submit(scheduler.job)
    scheduler.shutdown()
    assert future.result() == "every day"


PARTS = Parts(Scheduler, [application])


def scenario():
    PARTS.run()
