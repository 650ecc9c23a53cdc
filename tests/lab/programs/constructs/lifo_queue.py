"""What comes out of a stack depends on who is at it in between."""

import queue

from _parts import run, together


def scenario(at_once):
    jobs = queue.LifoQueue()
    taken = []

    def put():
        jobs.put(1)
        jobs.put(2)

    def take():
        for _ in range(2):
            taken.append(jobs.get())

    if at_once:
        together(put, take)
    else:
        put()
        take()
    assert taken == [2, 1]


def broken():
    scenario(at_once=True)


def sound():
    scenario(at_once=False)


if __name__ == "__main__":
    run(broken, sound)
