"""The event is cleared first, so that what comes after the look sets it again."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Paths:
    def __init__(self):
        self.lock = threading.Lock()
        self.changed = threading.Event()
        self.known = []

    def add(self, path):
        with self.lock:
            self.known.append(path)
        self.changed.set()

    def request(self):
        while True:
            self.changed.wait()
            self.changed.clear()
            with self.lock:
                if len(self.known) == 2:
                    return


def network(paths):
    paths.add("core")
    paths.add("down")


PARTS = Parts(Paths, [Paths.request, network])


def scenario():
    PARTS.run()
