"""Many threads that sleep, all for the same time, and then compete for one lock."""

import threading
import time


def scenario(threads: int = 100, rounds: int = 2) -> None:
    lock = threading.Lock()
    count = 0

    def work() -> None:
        nonlocal count
        for _ in range(rounds):
            time.sleep(1)
            with lock:
                count += 1

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert count == threads * rounds
