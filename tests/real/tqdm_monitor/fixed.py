"""The thread looks through a copy, which it makes under the lock."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Bars:
    def __init__(self):
        self.lock = threading.RLock()
        self.instances = {1, 2}
        self.refreshed = []

    def monitor(self):
        with self.lock:
            instances = self.instances.copy()
        for bar in instances:
            self.refreshed.append(bar)

    def add(self):
        with self.lock:
            self.instances.add(3)


PARTS = Parts(Bars, [Bars.monitor, Bars.add])


def scenario():
    PARTS.run()
