"""numpy: counts in an array.

Racy: an element is added to by two, in a read and a write.
"""

import threading
from contextlib import nullcontext

import numpy as np


def count(lock):
    counts = np.zeros(4, dtype=np.int64)

    def add(numbers):
        for number in numbers:
            with lock:
                counts[number] += 1

    parts = np.array_split(np.array([1, 3, 3, 1]), 2)
    threads = [threading.Thread(target=add, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts.sum() == 4
    assert np.array_equal(counts, [0, 2, 0, 2])
    assert 0 <= np.random.default_rng(1).random() < 1


def scenario():
    count(threading.Lock())


def racy():
    count(nullcontext())


if __name__ == "__main__":
    scenario()
