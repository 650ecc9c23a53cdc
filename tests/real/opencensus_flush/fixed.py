"""What comes after the worker has been told to end is refused, and not put into its queue."""

import queue
import threading

from tests.benchmarks.yardstick.parts import Parts


class Handler:
    def __init__(self):
        self.queue = queue.Queue()
        self.worker = threading.Thread(target=self.work)
        self.sent = []
        self.lock = threading.Lock()
        self.closed = False

    def work(self):
        while (record := self.queue.get()) is not None:
            self.sent.append(record)
            self.queue.task_done()
        self.queue.task_done()

    def emit(self, record):
        with self.lock:
            if not self.closed:
                self.queue.put(record)

    def close(self):
        with self.lock:
            self.closed = True
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
