"""tqdm: one bar for several threads, and thread_map.

Racy: the bar's own n is added to, bare.
"""

import io
import threading

from tqdm import tqdm
from tqdm.contrib.concurrent import thread_map

tqdm.monitor_interval = 0  # its monitor is a daemon thread that never ends


def load(advance):
    with tqdm(total=4, file=io.StringIO(), mininterval=0) as bar:
        lock = threading.Lock()
        threads = [threading.Thread(target=advance, args=(bar, lock)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert bar.n == 4


def update(bar, lock):
    with lock:
        bar.update(2)


def add(bar, lock):
    bar.n += 2


def scenario():
    load(update)
    assert thread_map(abs, [-1, 2], max_workers=2, file=io.StringIO()) == [1, 2]


def racy():
    load(add)


if __name__ == "__main__":
    scenario()
