"""A thread looks through all progress bars, to refresh those that are late. Bars are made
meanwhile.

Report: tqdm, issue 481: https://github.com/tqdm/tqdm/issues/481
Versions: tqdm 4.19.4 and 4.19.5
Kind: iteration during change
Found: exception RuntimeError
Token: 14.1,15+1.1
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Bars:
    def __init__(self):
        self.lock = threading.RLock()
        self.instances = {1, 2}
        self.refreshed = []

    def monitor(self):
        for bar in self.instances:
            self.refreshed.append(bar)

    def add(self):
        with self.lock:
            self.instances.add(3)


PARTS = Parts(Bars, [Bars.monitor, Bars.add])


def scenario():
    PARTS.run()
