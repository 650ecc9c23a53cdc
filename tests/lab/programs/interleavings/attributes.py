"""Attributes of objects and of classes: set, hidden, deleted, by name."""

import threading

from _parts import Box, two


def set_by_name():
    s = Box()
    s.m = 1
    out = []

    def a():
        setattr(s, "n", s.m)

    def b():
        out.append(getattr(s, "n"))  # noqa: B009

    two(a, b)
    return out


def attr_functions():
    s = Box()
    out = []

    def a():
        setattr(s, "n", 1)

    def b():
        out.append(getattr(s, "n"))  # noqa: B009

    two(a, b)
    return out


def del_attr():
    s = Box()
    out = []

    def a():
        del s.n

    def b():
        out.append(hasattr(s, "n"))

    two(a, b)
    return out


class Defaults:
    n = 0


def class_default():
    s = Defaults()
    out = []

    def a():
        s.n = 1

    def b():
        out.append(s.n)

    two(a, b)
    return out


class Derived(Defaults):
    pass


def class_derived():
    out = []

    def a():
        Derived.n = 1

    def b():
        out.append(Derived.n)

    two(a, b)
    del Derived.n
    return out


def class_attribute():
    Defaults.n = 0
    out = []

    def a():
        Defaults.n += 1

    def b():
        Defaults.n += 1
        out.append(Defaults.n)

    two(a, b)
    n = Defaults.n
    Defaults.n = 0
    return out, n


def chained_default():
    class P:
        v = None

    p = P()

    def a():
        if p.v is None:
            p.v = []
        p.v.append(1)

    two(a, a)
    return p.v


def local_data():
    s = threading.local()
    s.n = 1
    out = []

    def a():
        s.n = 2

    def b():
        out.append(s.n)

    two(a, b)
    return out
