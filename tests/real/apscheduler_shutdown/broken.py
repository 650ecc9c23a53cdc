"""A scheduler that shuts down holds the lock of its job stores while it waits for the jobs that
run. A job asks the scheduler about itself, which takes that lock.

Report: APScheduler, pull request 268: https://github.com/agronholm/apscheduler/pull/268
Versions: APScheduler of January 2018
Kind: deadlock by join
Found: deadlock
Token: 17.1
"""

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
        with self.lock:
            self.pool.shutdown(wait=True)
            self.jobs.clear()


def application(scheduler):
    future = scheduler.pool.submit(scheduler.job)
    scheduler.shutdown()
    assert future.result() == "every day"


PARTS = Parts(Scheduler, [application])


def scenario():
    PARTS.run()
