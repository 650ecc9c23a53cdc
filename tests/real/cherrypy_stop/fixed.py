"""What has passed of the time is taken off what is left of it."""

import threading
import time

from tests.benchmarks.yardstick.parts import Parts


class Server:
    def __init__(self):
        self.workers = [threading.Thread(target=time.sleep, args=(n,)) for n in (4, 8, 12)]

    def stop(self, timeout):
        end = time.monotonic() + timeout
        for worker in self.workers:
            worker.join(max(0, end - time.monotonic()))


def at_exit(server):
    for worker in server.workers:
        worker.start()
    begin = time.monotonic()
    server.stop(timeout=5)
    took = time.monotonic() - begin
    for worker in server.workers:
        worker.join()
    assert took < 6


PARTS = Parts(Server, [at_exit])


def scenario():
    PARTS.run()
