"""A request for paths waits for an event, looks whether the paths are there, and clears the event.
Paths that come between the look and the clearing are not noticed, and what set the event is lost.

Report: SCION, issue 463: https://github.com/scionproto/scion/issues/463
Versions: SCION of November 2015, in Python then
Kind: lost wake-up
Found: deadlock
Token: 21.1,26.1
"""

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
            with self.lock:
                if len(self.known) == 2:
                    return
            self.changed.clear()


def network(paths):
    paths.add("core")
    paths.add("down")


PARTS = Parts(Paths, [Paths.request, network])


def scenario():
    PARTS.run()
