"""A class with __enter__ and __exit__ counts who is within, and lets in two at once."""

import threading

from _parts import NO_LOCK, run, together


class Room:
    inside = 0

    def __init__(self, guard):
        self.guard = guard

    def __enter__(self):
        self.guard.__enter__()
        self.inside += 1
        return self.inside

    def __exit__(self, *raised):
        self.inside -= 1
        self.guard.__exit__(*raised)


def scenario(guard):
    room = Room(guard)

    def visit():
        with room as people:
            assert people == 1

    together(visit, visit)


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
