"""timeit over something that sleeps; who is the slowest is kept.

Racy: look, then keep.
"""

import threading
import time
import timeit


class Slowest:
    def __init__(self):
        self.lock = threading.Lock()
        self.name, self.seconds = "nobody", 0.0

    def enter(self, name, seconds):
        if seconds > self.seconds:
            self.seconds = seconds
            self.name = name

    def enter_alone(self, name, seconds):
        with self.lock:
            self.enter(name, seconds)


def race(enter):
    def run(name, laps):
        took = timeit.timeit(lambda: time.sleep(0.001), number=laps)
        assert took >= 0.001
        enter(name, laps)

    begin = timeit.default_timer()
    threads = [threading.Thread(target=run, args=entry) for entry in [("hare", 1), ("snail", 2)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert timeit.default_timer() - begin >= 0.002


def scenario():
    slowest = Slowest()
    race(slowest.enter_alone)
    assert (slowest.name, slowest.seconds) == ("snail", 2)


def racy():
    slowest = Slowest()
    race(slowest.enter)
    assert (slowest.name, slowest.seconds) == ("snail", 2)


if __name__ == "__main__":
    scenario()
