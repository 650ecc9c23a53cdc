"""Two threads take two locks in one expression, and not in the same order."""

import threading

from _parts import run, together


def take(first, second):
    assert first.acquire() and second.acquire()
    second.release()
    first.release()


def broken():
    left, right = threading.Lock(), threading.Lock()
    together(lambda: take(left, right), lambda: take(right, left))


def sound():
    left, right = threading.Lock(), threading.Lock()
    together(lambda: take(left, right), lambda: take(left, right))


if __name__ == "__main__":
    run(broken, sound)
