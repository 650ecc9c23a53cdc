"""What wakes the manager has a lock of its own."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Executor:
    def __init__(self):
        self.shutdown_lock = threading.Lock()
        self.wake_lock = threading.Lock()
        self.woken = threading.Event()
        self.feeder = threading.Thread(target=self.feed)

    def feed(self):
        # The call cannot be pickled.
        with self.wake_lock:
            self.woken.set()

    def manage(self):
        self.feeder.start()
        with self.shutdown_lock:
            self.feeder.join()


PARTS = Parts(Executor, [Executor.manage])


def scenario():
    PARTS.run()
