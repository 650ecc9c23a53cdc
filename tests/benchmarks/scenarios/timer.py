"""A periodic timer, as anyone would write one: a thread that ticks, threads that wait for it.

It knows nothing of any tool, so that all of them can run it, and uses only what each of them
can simulate: no timed waits, which make one of the peers slow, and no reading of the clock, which
stands still in the other while it sleeps. A tool that starts the threads of a scenario itself
takes the parts: `Timer`, its `run`, and its `wait_for_all`.
"""

import threading
import time


class Timer:
    """Ticks ``most`` times, once each ``interval`` seconds."""

    def __init__(self, most: int, interval: float = 1.0) -> None:
        self.changed = threading.Condition()
        self.most = most
        self.interval = interval
        self.ticks = 0
        self.seen: list[int] = []

    def run(self) -> None:
        while self.ticks < self.most:
            time.sleep(self.interval)
            with self.changed:
                self.ticks += 1
                self.changed.notify_all()

    def wait_for_all(self) -> None:
        last = 0
        while last < self.most:
            with self.changed:
                while self.ticks == last:
                    self.changed.wait()
                last += 1
        self.seen.append(last)


def scenario(waiters: int = 1, ticks: int = 4) -> None:
    timer = Timer(ticks)
    threads = [threading.Thread(target=timer.wait_for_all) for _ in range(waiters)]
    threads.append(threading.Thread(target=timer.run))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert timer.seen == [ticks] * waiters
