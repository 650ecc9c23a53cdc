"""A thread takes from a queue that may still be empty, and does not wait."""

import queue

from _parts import run, together


def scenario(block):
    jobs = queue.SimpleQueue()
    taken = []

    def take():
        taken.append(jobs.get(block=block))

    together(take, lambda: jobs.put(1))
    assert taken == [1]


def broken():
    scenario(block=False)


def sound():
    scenario(block=True)


if __name__ == "__main__":
    run(broken, sound)
