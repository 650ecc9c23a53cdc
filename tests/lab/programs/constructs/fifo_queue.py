"""Two workers ask whether there is a job before they wait for one; a word for the end is better."""

import queue

from _parts import run, together


def broken():
    jobs = queue.Queue()
    done = []

    def work():
        while not jobs.empty():
            done.append(jobs.get())

    jobs.put("one")
    together(work, work)
    assert done == ["one"]


def sound():
    jobs = queue.Queue()
    done = []

    def work():
        while (job := jobs.get()) is not None:
            done.append(job)

    for job in ("one", None, None):
        jobs.put(job)
    together(work, work)
    assert done == ["one"]


if __name__ == "__main__":
    run(broken, sound)
