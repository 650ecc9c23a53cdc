"""reactivex: streams over a pool of threads.

Racy: what two streams do is added up bare.
"""

import threading
from contextlib import nullcontext

import reactivex as rx
from reactivex import operators as ops
from reactivex.scheduler import ThreadPoolScheduler


class Sum:
    def __init__(self, lock):
        self.lock = lock
        self.total = 0

    def add(self, number):
        with self.lock:
            self.total += number


def stream(lock):
    total, pool, ended = Sum(lock), ThreadPoolScheduler(2), threading.Semaphore(0)
    for numbers in ([1, 2], [10, 20]):
        rx.from_iterable(numbers).pipe(
            ops.map(lambda number: 2 * number),
            ops.subscribe_on(pool),
            ops.do_action(total.add),
        ).subscribe(on_completed=ended.release)
    for _ in range(2):
        ended.acquire()
    pool.executor.shutdown()
    assert total.total == 66


def scenario():
    stream(threading.Lock())


def racy():
    stream(nullcontext())


if __name__ == "__main__":
    scenario()
