"""six: modules under their old names, by a finder of its own.

Racy: replies are counted bare.
"""

import contextlib

import six
from six.moves import queue, reduce
from six.moves._thread import allocate_lock
from six.moves.urllib.parse import quote

import threading


class Worker(six.with_metaclass(type, threading.Thread)):
    def __init__(self, jobs, replies, lock):
        super().__init__()
        self.jobs = jobs
        self.replies = replies
        self.lock = lock

    def run(self):
        for job in iter(self.jobs.get, None):
            with self.lock:
                self.replies[job] = self.replies.get(job, 0) + 1


def work(lock):
    jobs, replies = queue.Queue(), {}
    workers = [Worker(jobs, replies, lock) for _ in range(2)]
    for worker in workers:
        worker.start()
    for _ in range(2):
        jobs.put(six.ensure_text(b"a b"))
    for _ in workers:
        jobs.put(None)
    for worker in workers:
        worker.join()
    assert {quote(job) for job in replies} == {"a%20b"}
    assert reduce(lambda total, count: total + count, six.itervalues(replies)) == 2


def scenario():
    work(allocate_lock())


def racy():
    work(contextlib.nullcontext())


if __name__ == "__main__":
    scenario()
