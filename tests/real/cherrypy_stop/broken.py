"""``stop`` waits for each worker in turn, and for each as long as it was given for all.

Report: CherryPy, issue 956: https://github.com/cherrypy/cherrypy/issues/956
Versions: CherryPy of August 2009
Kind: timeout
Found: exception AssertionError
Token: -
"""

import threading
import time

from tests.benchmarks.yardstick.parts import Parts


class Server:
    def __init__(self):
        self.workers = [threading.Thread(target=time.sleep, args=(n,)) for n in (4, 8, 12)]

    def stop(self, timeout):
        for worker in self.workers:
            worker.join(timeout)


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
