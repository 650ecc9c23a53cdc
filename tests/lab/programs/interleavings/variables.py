"""Variables of functions and modules that a thread shares with who started it."""

from threading import Thread

from _parts import two

total = 0


def globals_():
    global total
    total = 0

    def a():
        global total
        total += 1

    two(a, a)
    return total


def nonlocals():
    n = 0

    def a():
        nonlocal n
        n += 1

    two(a, a)
    return n


def parameter(n=0):
    out = []

    def f():
        out.append(n)

    t = Thread(target=f)
    t.start()
    n = 5
    t.join()
    return out


def unbound():
    out = []

    def a():
        out.append(n)

    t = Thread(target=a)
    t.start()
    n = 5
    t.join()
    return out


def walrus():
    out = []
    n = 0

    def a():
        out.append(n)

    t = Thread(target=a)
    t.start()
    if n := 5:
        pass
    t.join()
    return out


def loop_variable():
    out = []
    ts = []
    for i in range(2):
        t = Thread(target=lambda: out.append(i))
        t.start()
        ts.append(t)
    for t in ts:
        t.join()
    return out


def loop_variable_def():
    out = []
    ts = []
    for i in range(2):

        def f():
            out.append(i)

        t = Thread(target=f)
        t.start()
        ts.append(t)
    for t in ts:
        t.join()
    return out


def while_variable():
    out = []
    ts = []
    while len(ts) < 2:
        n = len(ts)
        t = Thread(target=lambda: out.append(n))
        t.start()
        ts.append(t)
    for t in ts:
        t.join()
    return out


def in_arguments():
    def a(x):
        x.append(1)

    def b(x):
        return len(x)

    x = []
    t = Thread(target=a, args=(x,))
    t.start()
    r = b(x)
    t.join()
    return r
