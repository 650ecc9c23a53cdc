"""What a line reads first, and what it does last, with the other thread in between."""

from _parts import Box, two


def receiver():
    s = Box()

    def a():
        s.rows[0].append(s.n)

    def b():
        s.rows[0].append("b")

    two(a, b)
    return s.rows[0]


def receiver_call():
    s = Box()

    def a():
        s.get().append(s.n)

    def b():
        s.get().append("b")

    two(a, b)
    return s.items


def keyword():
    s = Box()
    d = {}
    out = []

    def a():
        d.update(n=s.n)

    def b():
        out.append(len(d))

    two(a, b)
    return out


def starred():
    s = Box()
    s.items = [1]
    out = []
    x = []

    def a():
        x.extend(*[s.items])

    def b():
        out.append(len(x))

    two(a, b)
    return out


def len_of_call():
    s = Box()
    out = []

    def a():
        s.get().append(1)

    def b():
        out.append(len(s.get()))

    two(a, b)
    return out


def ternary():
    s = Box()
    x = []
    out = []

    def a():
        x.append(2)

    def b():
        out.append(len(x if s else s))

    two(a, b)
    return out


def compare_call():
    s = Box()
    x = s.items
    out = []

    def a():
        x.append(1)

    def b():
        out.append(s.get() == [])

    two(a, b)
    return out


def compare_late():
    s = Box()
    d = []
    out = []

    def a():
        d.append(0)

    def b():
        out.append(d == [s.n])

    two(a, b)
    return out


def concat_late():
    s = Box()
    d = []
    out = []

    def a():
        d.append(0)

    def b():
        out.append(d + [s.n])  # noqa: RUF005

    two(a, b)
    return out


def args_late():
    s = Box()
    s.n = -1
    d = [0]
    out = []

    def a():
        d.append(1)

    def b():
        out.append(max(d, [s.n]))

    two(a, b)
    return len(out[0]) if out[0] is not d else d


def iadd_attr():
    s = Box()
    out = []

    def a(y):
        out.append(len(y))

    def b():
        s.items += [2]

    y = s.items
    two(b, lambda: a(y))
    return s.items, out
