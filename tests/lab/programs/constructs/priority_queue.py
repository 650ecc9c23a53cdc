"""A queue with one place is full when the second comes too early, who must wait."""

import queue

from _parts import run, together


def scenario(block):
    jobs = queue.PriorityQueue(1)
    taken = []

    def put():
        jobs.put(1, block=block)
        jobs.put(0, block=block)

    def take():
        for _ in range(2):
            taken.append(jobs.get())

    together(put, take)
    assert taken == [1, 0]


def broken():
    scenario(block=False)


def sound():
    scenario(block=True)


if __name__ == "__main__":
    run(broken, sound)
