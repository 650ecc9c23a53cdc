"""Each of two threads needs what the other writes before the barrier, which is one for one."""

import threading

from _parts import run, together


def scenario(parties):
    barrier = threading.Barrier(parties)
    written = {}

    def work(me, other):
        written[me] = True
        barrier.wait()
        assert written[other]

    together(lambda: work("a", "b"), lambda: work("b", "a"))


def broken():
    scenario(parties=1)


def sound():
    scenario(parties=2)


if __name__ == "__main__":
    run(broken, sound)
