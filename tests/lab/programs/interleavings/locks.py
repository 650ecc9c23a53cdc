"""Locks, conditions, events, semaphores and barriers."""

import threading
from threading import Lock

from _parts import go, two


def locked():
    lock = Lock()
    out = []

    def a():
        with lock:
            pass

    def b():
        out.append(lock.locked())

    two(a, b)
    return out


def trylock():
    lock = Lock()
    out = []

    def a():
        with lock:
            pass

    def b():
        out.append(lock.acquire(False))

    two(a, b)
    return out


def released_twice():
    lock = Lock()
    out = []

    def a():
        with lock:
            out.append("a")

    def b():
        try:
            lock.release()
        except RuntimeError:
            out.append("b")

    go(a, b)
    return out


def rlocks():
    lock = threading.RLock()
    out = []

    def a():
        with lock, lock:
            out.append(1)

    def b():
        with lock:
            out.append(2)

    two(a, b)
    return out


def deadlock():
    lock, m = Lock(), Lock()

    def a():
        with lock, m:
            pass

    def b():
        with m, lock:
            pass

    two(a, b)


def condition():
    c = threading.Condition()
    out = []
    done = []

    def a():
        with c:
            done.append(1)
            c.notify()

    def b():
        with c:
            if not done:
                out.append("waits")
                c.wait()

    two(a, b)
    return out


def lost():
    c = threading.Condition()

    def a():
        with c:
            c.notify()

    def b():
        with c:
            c.wait()

    two(a, b)


def polling():
    e = threading.Event()
    out = []

    def a():
        e.set()

    def b():
        out.append(e.is_set())
        e.wait()
        out.append(e.is_set())

    two(a, b)
    return out


def semaphore():
    s = threading.Semaphore(1)
    out = []

    def a():
        with s:
            out.append("a")

    def b():
        out.append(s.acquire(blocking=False))

    two(a, b)
    return out


def own_footprint():
    s = threading.Semaphore(1)

    def a():
        s.acquire()

    go(a, a)


def barrier_broken():
    b_ = threading.Barrier(2)
    out = []

    def a():
        b_.abort()

    def b():
        out.append(b_.broken)

    two(a, b)
    return out


def barrier_waiting():
    b_ = threading.Barrier(2)
    out = []

    def a():
        b_.wait()

    def b():
        out.append(b_.n_waiting)
        b_.wait()

    two(a, b)
    return out
