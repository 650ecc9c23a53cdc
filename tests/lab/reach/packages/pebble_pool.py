"""pebble: a thread pool, decorators, and synchronized.

Racy: the same function, not synchronized.
"""

import threading

from pebble import ThreadPool, concurrent, synchronized

lock = threading.Lock()
state = {"sum": 0}


def add(number):
    total = state["sum"]
    state["sum"] = total + number
    return number


add_alone = synchronized(lock)(add)


@concurrent.thread
def double(number):
    return 2 * number


def add_up(add):
    with ThreadPool(max_workers=2) as pool:
        jobs = [pool.schedule(add, args=(number,)) for number in (1, 2)]
        assert [job.result(timeout=60) for job in jobs] == [1, 2]
    assert double(state["sum"]).result() == 6


def scenario():
    add_up(add_alone)


def racy():
    add_up(add)


if __name__ == "__main__":
    scenario()
