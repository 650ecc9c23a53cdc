"""schedule: jobs at intervals, run by a thread.

Racy: the main thread runs those that are due, too.
"""

import threading
import time

import schedule


def run(lock):
    done, plan = [], schedule.Scheduler()

    def feed():
        done.append("fed")
        return schedule.CancelJob

    plan.every(1).hours.do(feed)
    job = plan.jobs[0]
    job.next_run = job.next_run.replace(year=2000)

    def run_due():
        if lock is not None:
            with lock:
                plan.run_pending()
        else:
            for each in list(plan.jobs):
                if each.should_run and each in plan.jobs:
                    each.run()
                    plan.cancel_job(each)

    thread = threading.Thread(target=run_due)
    thread.start()
    run_due()
    thread.join()
    time.sleep(0.001)
    assert plan.idle_seconds is None
    assert done == ["fed"]


def scenario():
    run(threading.Lock())


def racy():
    run(None)


if __name__ == "__main__":
    scenario()
