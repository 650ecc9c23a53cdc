"""Lists, dictionaries and sets that one thread changes while another looks."""

from collections import defaultdict, deque

from _parts import two


def del_item():
    x = [1, 2, 3]
    out = []

    def a():
        del x[0]

    def b():
        out.append(x[1])

    two(a, b)
    return x, out


def lists():
    x = [1]
    out = []

    def a():
        x.append(2)

    def b():
        out.append(x.pop())
        if x:
            out.append(x[-1])

    two(a, b)
    return out


def negative():
    x = [1]

    def a():
        x.append(2)

    def b():
        x[-1] = 5

    two(a, b)
    return x


def swap():
    s = [1, 2]

    def a():
        s[0], s[1] = s[1], s[0]

    two(a, a)
    return s


def swap_in():
    x = [3, 1, 2]
    out = []

    def a():
        x.sort()

    def b():
        out.append(x[0])

    two(a, b)
    return out


def joined():
    x = ["a"]
    out = []

    def a():
        x.append("b")

    def b():
        out.append("".join(x))

    two(a, b)
    return out


def bool_of():
    x = []
    out = []

    def a():
        x.append(2)

    def b():
        out.append(x or [0])

    two(a, b)
    return [list(o) for o in out]


def iadd_list():
    x = []

    def f(y, n):
        y += [n]

    two(lambda: f(x, 1), lambda: f(x, 2))
    return x


def ior_set():
    x = set()
    out = []

    def f(y, n):
        y |= {n}

    def g(y):
        out.append(sorted(y))

    two(lambda: f(x, 1), lambda: g(x))
    return out


def contains():
    x = set()
    out = []

    def a():
        x.add(1)

    def b():
        out.append(1 in x)

    two(a, b)
    return out


def setdefault():
    x = {}
    out = []

    def a():
        x.setdefault("k", 1)

    def b():
        out.append(x.setdefault("k", 2))

    two(a, b)
    return out, x


def default_dict():
    d = defaultdict(int)
    out = []

    def a():
        d["x"]

    def b():
        out.append(len(d))

    two(a, b)
    return out


def dict_order():
    d = {}

    def a():
        d["a"] = 1

    def b():
        d["b"] = 2

    two(a, b)
    return list(d)


def dict_order_pop():
    d = {"a": 0}

    def a():
        del d["a"]
        d["a"] = 1

    def b():
        d["b"] = 2

    two(a, b)
    return list(d)


def view():
    d = {1: 1, 2: 2}
    out = []
    v = d.keys()

    def a():
        d[3] = 3

    def b():
        for k in v:
            out.append(k)

    two(a, b)
    return out


def items_view():
    d = {1: 1, 2: 2}
    out = []

    def a():
        d[3] = 3

    def b():
        for k, _ in d.items():
            out.append(k)

    two(a, b)
    return out


def enumerated():
    x = [1, 2]
    out = []

    def a():
        x.append(3)

    def b():
        for _, k in enumerate(x):
            out.append(k)

    two(a, b)
    return out


def zipped():
    x = [1, 2]
    out = []

    def a():
        x.append(3)

    def b():
        for _, k in zip((1, 2, 3), x, strict=False):
            out.append(k)

    two(a, b)
    return out


def display_star():
    d = []
    out = []

    def a():
        d.append(1)

    def b():
        out.append([*d])

    two(a, b)
    return out


def double_star():
    d = {}
    out = []

    def a():
        d["x"] = 1

    def b():
        out.append({**d})

    two(a, b)
    return out


def matched():
    d = []
    out = []

    def a():
        d.append(1)

    def b():
        match d:
            case []:
                out.append(0)
            case _:
                out.append(1)

    two(a, b)
    return out


def delegated():
    d = [1]
    out = []

    def g():
        yield from d

    def a():
        d.append(2)

    def b():
        for x in g():
            out.append(x)

    two(a, b)
    return out


def deques():
    q = deque([1])
    out = []

    def a():
        q.popleft()

    def b():
        if q:
            out.append(q[0])

    two(a, b)
    return out
