"""To flush a handler means to wait until its worker has sent all. The worker is stopped at exit
before the handler is flushed, so that what comes late is sent by nobody.

Report: OpenCensus, pull request 1112:
https://github.com/census-instrumentation/opencensus-python/pull/1112
Versions: OpenCensus of March 2022
Kind: order of shutdown
Found: deadlock
Token: 14+1.1
"""

import queue
import threading

from tests.benchmarks.yardstick.parts import Parts


class Handler:
    def __init__(self):
        self.queue = queue.Queue()
        self.worker = threading.Thread(target=self.work)
        self.sent = []

    def work(self):
        while (record := self.queue.get()) is not None:
            self.sent.append(record)
            self.queue.task_done()
        self.queue.task_done()

    def emit(self, record):
        self.queue.put(record)

    def close(self):
        self.queue.put(None)
        self.worker.join()

    def flush(self):
        self.queue.join()


def application(handler):
    handler.emit("last words")


def at_exit(handler):
    handler.worker.start()
    handler.close()
    handler.flush()


PARTS = Parts(Handler, [at_exit, application])


def scenario():
    PARTS.run()
