"""multiprocessing.dummy: a pool that looks like one of processes.

Racy: Counter is updated bare.
"""

import threading
from contextlib import nullcontext
from multiprocessing.dummy import Pool, Process

TEXT = ["to be or", "not to be"]


def count(lock):
    words = {}

    def add(line):
        for word in line.split():
            with lock:
                words[word] = words.get(word, 0) + 1
        return len(line)

    with Pool(2) as pool:
        assert pool.map(add, TEXT) == [8, 9]
        pool.close()
        pool.join()
    last = Process(target=add, args=("or",))
    last.start()
    last.join()
    assert words == {"to": 2, "be": 2, "or": 2, "not": 1}


def scenario():
    count(threading.Lock())


def racy():
    count(nullcontext())


if __name__ == "__main__":
    scenario()
