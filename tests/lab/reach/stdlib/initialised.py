"""ThreadPoolExecutor's initializer gives each worker its number.

Racy: numbers are given twice.
"""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

worker = threading.local()


class Numbers:
    def __init__(self):
        self.next = 0

    def __next__(self):
        number = self.next
        self.next = number + 1
        return number


def start_worker(numbers, given):
    worker.number = next(numbers)
    given.append(worker.number)


def work(together):
    together.wait(timeout=60)  # so that each worker has a job
    return worker.number


def number(numbers):
    given, together = [], threading.Barrier(2)
    with ThreadPoolExecutor(2, "worker", start_worker, (numbers, given)) as pool:
        jobs = [pool.submit(work, together) for _ in range(2)]
        assert sorted(job.result() for job in jobs) == [0, 1]
    assert sorted(given) == [0, 1]


def scenario():
    number(itertools.count())


def racy():
    number(Numbers())


if __name__ == "__main__":
    scenario()
