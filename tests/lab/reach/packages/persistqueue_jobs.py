"""persist-queue: a queue in a folder.

Racy: a worker asks for its size, and then waits.
"""

import tempfile
import threading

import persistqueue


def work_off(take):
    done = []
    with tempfile.TemporaryDirectory() as folder:
        jobs = persistqueue.Queue(folder, autosave=True)
        for job in ("wash", "iron", "fold"):
            jobs.put(job)

        def worker():
            while (job := take(jobs)) is not None:
                done.append(job)
                jobs.task_done()

        workers = [threading.Thread(target=worker) for _ in range(2)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
        jobs.join()
    assert sorted(done) == ["fold", "iron", "wash"]


def take(jobs):
    try:
        return jobs.get_nowait()
    except persistqueue.Empty:
        return None


def look_and_take(jobs):
    return jobs.get() if jobs.qsize() else None


def scenario():
    work_off(take)


def racy():
    work_off(look_and_take)


if __name__ == "__main__":
    scenario()
