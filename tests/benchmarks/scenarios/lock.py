"""Many threads that sleep, all for the same time, and then compete for one lock."""

import threading
import time


class Counter:
    """Counts ``rounds`` times in each thread."""

    def __init__(self, rounds: int = 2) -> None:
        self.lock = threading.Lock()
        self.rounds = rounds
        self.count = 0

    def work(self) -> None:
        for _ in range(self.rounds):
            time.sleep(1)
            with self.lock:
                self.count += 1


def scenario(threads: int = 100, rounds: int = 2) -> None:
    counter = Counter(rounds)
    workers = [threading.Thread(target=counter.work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert counter.count == threads * rounds
