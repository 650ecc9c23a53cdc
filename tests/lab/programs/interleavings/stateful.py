"""Iterators, and other objects that go on from where they are."""

import heapq
import io
import random

from _parts import two


def shared_next():
    it = iter([1, 2])
    out = [0, 0]

    def a():
        out[0] = next(it)

    def b():
        out[1] = next(it)

    two(a, b)
    return out


def shared_next_list():
    x = [1]
    it = iter(x)
    out = [0, 0]

    def a():
        out[0] = next(it, None)

    def b():
        x.clear()

    two(a, b)
    return out


def shared_list_of():
    it = iter([1, 2])
    out = [0, 0]

    def a():
        out[0] = list(it)

    def b():
        out[1] = next(it, None)

    two(a, b)
    return out


def generator_shared():
    def g():
        yield 1
        yield 2

    it = g()
    out = [0, 0]

    def a():
        out[0] = next(it)

    def b():
        out[1] = next(it)

    two(a, b)
    return out


def seeded():
    out = [0, 0]

    def a():
        out[0] = random.random()

    def b():
        out[1] = random.random()

    two(a, b)
    return out


def own_random():
    r = random.Random(1)
    out = [0, 0]

    def a():
        out[0] = r.random()

    def b():
        out[1] = r.random()

    two(a, b)
    return out


def stringio():
    r = io.StringIO()

    def a():
        r.write("a")

    def b():
        r.write("b")

    two(a, b)
    return r.getvalue()


def heap():
    h = []
    out = []

    def a():
        heapq.heappush(h, 1)

    def b():
        heapq.heappush(h, 2)
        out.append(heapq.heappop(h))

    two(a, b)
    return out
