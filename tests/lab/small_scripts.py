"""Small scripts, each of which ends in more than one way, or looks as if it could.

Each has as few steps as it takes, so that all of its interleavings can be made. It returns what it
has seen. They are loaded into a simulated world, and never imported.
"""

import heapq
import io
import queue
import random
import threading
import time
from collections import defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, Thread


def go(*fs):
    ts = [Thread(target=f) for f in fs]
    for t in ts:
        t.start()
    for t in ts:
        t.join()


def two(a, b):
    """b in the main thread"""
    t = Thread(target=a)
    t.start()
    b()
    t.join()


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


def two_pools():
    pools = [ThreadPoolExecutor(1), ThreadPoolExecutor(1)]
    out = []

    def f(p):
        p.submit(out.append, 1)

    two(lambda: f(pools[0]), lambda: f(pools[1]))
    for p in pools:
        p.shutdown()
    return out


def set_by_name():
    s = Box()
    s.m = 1
    out = []

    def a():
        setattr(s, "n", s.m)  # noqa: B010

    def b():
        out.append(getattr(s, "n"))  # noqa: B009

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


def own_footprint():
    s = threading.Semaphore(1)

    def a():
        s.acquire()

    go(a, a)


def reads_while_others_sleep():
    out = []
    s = Thread(target=time.sleep, args=(1,))
    p = Thread(target=lambda: out.append(time.monotonic()))
    s.start()
    p.start()
    p.join()
    s.join()
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


def iadd_list():
    x = []

    def f(y, n):
        y += [n]

    two(lambda: f(x, 1), lambda: f(x, 2))
    return x


class Box:
    def __init__(self):
        self.items = []
        self.n = 0
        self.rows = {0: []}

    def get(self):
        return self.items


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


def ior_set():
    x = set()
    out = []

    def f(y, n):
        y |= {n}

    def g(y):
        out.append(sorted(y))

    two(lambda: f(x, 1), lambda: g(x))
    return out


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


def parameter(n=0):
    out = []

    def f():
        out.append(n)

    t = Thread(target=f)
    t.start()
    n = 5
    t.join()
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


def default_dict():
    d = defaultdict(int)
    out = []

    def a():
        d["x"]

    def b():
        out.append(len(d))

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


def display_star():
    d = []
    out = []

    def a():
        d.append(1)

    def b():
        out.append([*d])

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


def attr_functions():
    s = Box()
    out = []

    def a():
        setattr(s, "n", 1)  # noqa: B010

    def b():
        out.append(getattr(s, "n"))  # noqa: B009

    two(a, b)
    return out


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


def deadlock():
    lock, m = Lock(), Lock()

    def a():
        with lock, m:
            pass

    def b():
        with m, lock:
            pass

    two(a, b)


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


def alive():
    out = []

    def a():
        pass

    t = Thread(target=a)
    t.start()
    out.append(t.is_alive())
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


def del_attr():
    s = Box()
    out = []

    def a():
        del s.n

    def b():
        out.append(hasattr(s, "n"))

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


def swap():
    s = [1, 2]

    def a():
        s[0], s[1] = s[1], s[0]

    two(a, a)
    return s


def pool():
    out = []
    with ThreadPoolExecutor(1) as p:
        f = p.submit(lambda: out.append(1))
        out.append(f.done())
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


def leak():
    Thread(target=time.sleep, args=(1,)).start()


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


def unbound():
    out = []

    def a():
        out.append(n)

    t = Thread(target=a)
    t.start()
    n = 5
    t.join()
    return out


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


def negative():
    x = [1]

    def a():
        x.append(2)

    def b():
        x[-1] = 5

    two(a, b)
    return x


def bool_of():
    x = []
    out = []

    def a():
        x.append(2)

    def b():
        out.append(x or [0])

    two(a, b)
    return [list(o) for o in out]


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
