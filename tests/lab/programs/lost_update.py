"""Two threads sleep, take a lock in turn, and add to a count without it."""

import threading
import time


class Counter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()


def scenario():
    counter = Counter()

    def work():
        time.sleep(1)
        with counter.lock:
            pass
        counter.value += 1

    threads = [threading.Thread(target=work, name=name) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == 2
