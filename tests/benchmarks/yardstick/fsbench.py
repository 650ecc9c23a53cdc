"""A file system's blocks and inodes, with a lock too few for the last of the threads.

That thread fails on every schedule; what it takes is a tool that runs so many threads.
"""

import threading
from functools import partial

from tests.benchmarks.yardstick.parts import Parts

BLOCKS = 26
INODES = 32
THREADS = 27


class Disk:
    def __init__(self) -> None:
        self.locki = [threading.Lock() for _ in range(BLOCKS)]
        self.lockb = [threading.Lock() for _ in range(BLOCKS)]
        self.busy = [False] * BLOCKS
        self.inode = [0] * INODES


def allocate(tid: int, state: Disk) -> None:
    i = tid % INODES
    assert 0 <= i < BLOCKS
    with state.locki[i]:
        if state.inode[i] == 0:
            b = i * 2 % BLOCKS
            for _ in range(BLOCKS // 2):
                with state.lockb[b]:
                    if not state.busy[b]:
                        state.busy[b] = True
                        state.inode[i] = b + 1
                        break
                b = (b + 1) % BLOCKS


def is_consistent(state: Disk) -> bool:
    blocks = [b - 1 for b in state.inode if b]
    return len(set(blocks)) == len(blocks) and all(state.busy[b] for b in blocks)


BAD = Parts(Disk, [partial(allocate, tid) for tid in range(THREADS)])
SOUND = Parts(Disk, [partial(allocate, tid) for tid in range(THREADS - 1)], is_consistent)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
