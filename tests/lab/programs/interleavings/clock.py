"""Time that passes while threads sleep, or wait only so long."""

import threading
import time
from threading import Lock, Thread

from _parts import two


def clocks():
    out = []

    def a():
        time.sleep(1)
        out.append("a")

    def b():
        time.sleep(2)
        out.append("b")

    two(a, b)
    return out


def reads_before():
    out = []

    def a():
        out.append(time.monotonic())

    s = Thread(target=time.sleep, args=(1,))
    p = Thread(target=a)
    s.start()
    p.start()
    p.join()
    s.join()
    return out


def reads_while_others_sleep():
    out = []
    s = Thread(target=time.sleep, args=(1,))
    p = Thread(target=lambda: out.append(time.monotonic()))
    s.start()
    p.start()
    p.join()
    s.join()
    return out


def timed_lock():
    lock = Lock()
    out = []

    def a():
        with lock:
            time.sleep(1)

    def b():
        out.append(lock.acquire(timeout=1))

    two(a, b)
    return out


def timed_event():
    e = threading.Event()
    out = []

    def a():
        time.sleep(1)
        e.set()

    def b():
        out.append(e.wait(1))
        out.append(e.is_set())

    two(a, b)
    return out


def cond_timed():
    c = threading.Condition()
    out = []

    def a():
        with c:
            c.notify()

    def b():
        with c:
            out.append(c.wait(1))

    two(a, b)
    return out


def timer():
    out = []
    t = threading.Timer(1, lambda: out.append(1))
    t.start()
    t.cancel()
    t.join()
    return out


def timer2():
    out = []
    t = threading.Timer(1, out.append, (1,))
    t.start()
    time.sleep(1)
    t.cancel()
    t.join()
    return out


def alive_timed():
    out = []
    lock = Lock()
    lock.acquire()

    def a():
        lock.acquire(timeout=1)

    t = Thread(target=a)
    t.start()
    t.join(1)
    out.append(t.is_alive())
    t.join()
    return out
