"""Queues, and what can be asked of them."""

import queue

from _parts import two


def queues():
    q = queue.Queue(1)
    out = []

    def a():
        q.put(1)
        q.put(2)

    def b():
        out.append(q.get())
        out.append(q.get())

    two(a, b)
    return out


def queue_nowait():
    q = queue.Queue()
    out = []

    def a():
        q.put(1)

    def b():
        out.append(q.get_nowait())

    two(a, b)
    return out


def queue_size():
    q = queue.Queue()
    out = []

    def a():
        q.put(1)

    def b():
        out.append(q.empty())
        out.append(q.qsize())

    two(a, b)
    return out


def simple_queue():
    q = queue.SimpleQueue()
    out = []

    def a():
        q.put(1)

    def b():
        out.append(q.empty())
        out.append(q.qsize())

    two(a, b)
    return out
