"""A worker says that its job is done before it is."""

import queue
import threading

from _parts import run


def broken():
    jobs = queue.Queue()
    box = {}

    def work():
        job = jobs.get()
        jobs.task_done()
        box["done"] = job

    thread = threading.Thread(target=work)
    thread.start()
    jobs.put(3)
    jobs.join()
    assert box["done"] == 3
    thread.join()


def sound():
    jobs = queue.Queue()
    box = {}

    def work():
        job = jobs.get()
        box["done"] = job
        jobs.task_done()

    thread = threading.Thread(target=work)
    thread.start()
    jobs.put(3)
    jobs.join()
    assert box["done"] == 3
    thread.join()


if __name__ == "__main__":
    run(broken, sound)
