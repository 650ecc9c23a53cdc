"""Threads and pools: alive, named, counted, left behind, failing."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

from _parts import Box, two


def alive():
    out = []

    def a():
        pass

    t = Thread(target=a)
    t.start()
    out.append(t.is_alive())
    t.join()
    return out


def active():
    out = []

    def a():
        pass

    def b():
        out.append(threading.active_count())

    two(a, b)
    return out


def names():
    out = []

    def a():
        out.append(Thread().name[-1])

    two(a, a)
    return out


def names_swapped():
    out = [0, 0]

    def a():
        out[0] = Thread().name

    def b():
        out[1] = Thread().name

    two(a, b)
    return out


def leak():
    Thread(target=time.sleep, args=(1,)).start()


def raises():
    s = Box()

    def a():
        s.n = 1

    def b():
        assert not s.n

    two(a, b)


def raises_in_thread():
    s = Box()

    def a():
        assert not s.n

    def b():
        s.n = 1

    two(a, b)


def pool():
    out = []
    with ThreadPoolExecutor(1) as p:
        f = p.submit(lambda: out.append(1))
        out.append(f.done())
    return out


def two_pools():
    pools = [ThreadPoolExecutor(1), ThreadPoolExecutor(1)]
    out = []
    for n, p in enumerate(pools):
        p.submit(out.append, n)
    for p in pools:
        p.shutdown()
    return out
