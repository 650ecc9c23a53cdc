"""A thread writes a name while the other reads it, in two parts."""

import threading

from _parts import NO_LOCK, run, together


class Name:
    first, last = "A", "A"


def scenario(guard):
    name = Name()

    def read():
        with guard:
            assert f"{name.first}{name.last!r:>4}" in ("A 'A'", "B 'B'")

    def write():
        with guard:
            name.first = "B"
            name.last = "B"

    together(read, write)


def broken():
    scenario(NO_LOCK)


def sound():
    scenario(threading.Lock())


if __name__ == "__main__":
    run(broken, sound)
