"""Two threads take two locks, and not in the same order."""

import threading

from _parts import run, together


def broken():
    total = [0]
    left, right = threading.Lock(), threading.Lock()

    def one():
        with left, right:
            total[0] += 1

    def other():
        with right, left:
            total[0] += 1

    together(one, other)
    assert total == [2]


def sound():
    total = [0]
    left, right = threading.Lock(), threading.Lock()

    def one():
        with left, right:
            total[0] += 1

    def other():
        with left, right:
            total[0] += 1

    together(one, other)
    assert total == [2]


if __name__ == "__main__":
    run(broken, sound)
