"""loguru: a sink of one's own.

Racy: a patcher, which no lock protects, counts.
"""

import threading
from contextlib import nullcontext

from loguru import logger


class Counter:
    def __init__(self, lock):
        self.lock = lock
        self.count = 0

    def __call__(self, record):
        with self.lock:
            self.count += 1


def log(lock):
    lines, counter = [], Counter(lock)
    logger.remove()
    sink = logger.add(lines.append, format="{thread.name} {level} {message}")
    patched = logger.patch(counter)
    threads = [
        threading.Thread(target=patched.bind(n=n).info, args=("hello {}", n), name=f"t{n}")
        for n in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logger.remove(sink)
    assert sorted(lines) == ["t0 INFO hello 0\n", "t1 INFO hello 1\n"]
    assert counter.count == 2


def scenario():
    log(threading.Lock())


def racy():
    log(nullcontext())


if __name__ == "__main__":
    scenario()
