"""A module with __getattr__.

Racy: an attribute is made by two that ask for it first.
"""

import threading
from contextlib import nullcontext

import toolbox


def repair(lock):
    done = []

    def work():
        with lock:
            done.append(toolbox.hammer.hit("nail"))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert done == ["hit nail"] * 2
    assert toolbox.opened == ["hammer"]


def scenario():
    repair(toolbox.lock)


def racy():
    repair(nullcontext())


if __name__ == "__main__":
    scenario()
