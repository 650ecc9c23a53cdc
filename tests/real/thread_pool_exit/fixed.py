"""A lock is held from the look to the note, and while the end is declared."""

import queue
import threading

from tests.benchmarks.yardstick.parts import Parts


class Pool:
    def __init__(self):
        self.lock = threading.Lock()
        self.shut_down = False
        self.calls = queue.Queue()
        self.threads = []

    def work(self):
        while (call := self.calls.get()) is not None:
            call()

    def submit(self, call):
        with self.lock:
            if self.shut_down:
                return
            self.calls.put(call)
            thread = threading.Thread(target=self.work)
            thread.start()
            self.threads.append(thread)

    def at_exit(self):
        with self.lock:
            self.shut_down = True
        threads = list(self.threads)
        for _ in threads:
            self.calls.put(None)
        for thread in threads:
            thread.join()


def application(pool):
    pool.submit(list)


PARTS = Parts(Pool, [application, Pool.at_exit])


def scenario():
    PARTS.run()
