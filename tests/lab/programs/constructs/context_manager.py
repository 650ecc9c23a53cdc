"""A context manager counts who is within, and lets in two at once."""

import contextlib
import threading

from _parts import NO_LOCK, run, together


@contextlib.contextmanager
def entered(room, guard):
    with guard:
        room["in"] += 1
        yield room["in"]
        room["in"] -= 1


def scenario(guard):
    room = {"in": 0}

    def visit():
        with entered(room, guard) as people:
            assert people == 1

    together(visit, visit)


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
