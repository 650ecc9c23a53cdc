"""A pool of threads looks whether the program is at its end, and if not, starts a thread, and notes
it among those to wait for. The end may come between: it has made its list by then, and the thread
is told of nothing and waited for by nobody.

Report: CPython, issue 31783: https://github.com/python/cpython/pull/13171
Versions: Python 3.7
Kind: order of shutdown
Found: leak
Token: -
"""

import queue
import threading

from tests.benchmarks.yardstick.parts import Parts


class Pool:
    def __init__(self):
        self.shut_down = False
        self.calls = queue.Queue()
        self.threads = []

    def work(self):
        while (call := self.calls.get()) is not None:
            call()

    def submit(self, call):
        if self.shut_down:
            return
        self.calls.put(call)
        thread = threading.Thread(target=self.work)
        thread.start()
        self.threads.append(thread)

    def at_exit(self):
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
