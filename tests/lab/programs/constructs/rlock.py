"""A thread that holds a lock takes it again, which only an RLock allows."""

import threading

from _parts import run, together


def scenario(lock):
    def outer():
        with lock:
            inner()

    def inner():
        with lock:
            pass

    together(outer, inner)


def broken():
    scenario(threading.Lock())


def sound():
    scenario(threading.RLock())


if __name__ == "__main__":
    run(broken, sound)
