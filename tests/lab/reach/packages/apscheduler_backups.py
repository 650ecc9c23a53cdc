"""APScheduler: jobs in the background at their times.

Racy: two jobs of it share a bare counter.
"""

import threading
from datetime import datetime, timedelta

from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.schedulers.background import BackgroundScheduler


class Backups:
    def __init__(self):
        self.lock = threading.Lock()
        self.made = 0

    def make(self):
        with self.lock:
            self.made += 1

    def make_alone(self):
        made = self.made
        self.made = made + 1


def run(job):
    over, executed = threading.Semaphore(0), []

    def listen(event):
        executed.append(event.job_id)
        over.release()

    scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"misfire_grace_time": 3600})
    scheduler.add_listener(listen, EVENT_JOB_EXECUTED)
    scheduler.start()
    soon = datetime.now(scheduler.timezone) + timedelta(milliseconds=2)
    scheduler.add_job(job, "date", run_date=soon, id="disk")
    scheduler.add_job(job, "date", run_date=soon, id="mail")
    for _ in range(2):
        over.acquire()
    scheduler.shutdown()
    assert sorted(executed) == ["disk", "mail"]


def scenario():
    backups = Backups()
    run(backups.make)
    assert backups.made == 2


def racy():
    backups = Backups()
    run(backups.make_alone)
    assert backups.made == 2


if __name__ == "__main__":
    scenario()
