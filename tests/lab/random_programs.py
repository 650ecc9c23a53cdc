"""Small programs of a few threads, drawn at random, as source text.

Each thread does a few things to what all of them share, and notes what it sees in a list of its
own, which the program returns with the final state. What goes wrong in a thread is noted, too.
"""

from itertools import count
from pathlib import Path

from hypothesis import strategies as st

from threadlab.simulation.project import Project
from threadlab.simulation.simulation import Simulation

HEAD = """\
import queue
import threading
import time


class Cells:
    c = 0

    def __init__(self):
        self.a = self.b = 0


n = 0


def main():
    global n
    n = 0
    m = 0
    Cells.c = 0
    s, x, d = Cells(), [], {}
    lock, e, q = threading.Lock(), threading.Event(), queue.Queue()
    cond, sem, it = threading.Condition(), threading.Semaphore(1), iter([1, 2, 3])
"""

SIMPLE = """\
s.a = {k}
s.b = s.a
s.a += 1
s.b += s.a
Cells.c = {k}
s.c = {k}
r.append(s.a)
r.append(s.a + s.b)
r.append(s.c)
if s.a: s.b = {k}
n += 1
m += 1
r.append(n + m)
x.append({k})
x.append(s.a)
x += [{k}]
r.append(x.pop())
r.append(len(x))
r.append(x[0])
r.append(list(x))
del x[0]
x[-1] = {k}
for i in x: r.append(i)
r.append([i for i in x if i])
d[{k}] = s.a
d[{k}] = d.get({k}, 0) + 1
r.append(d.pop({k}))
r.append(list(d))
for i in d.values(): r.append(i)
r.append({k} in d)
r.append(next(it))
e.set()
e.clear()
r.append(e.is_set())
q.put({k})
r.append(q.get_nowait())
r.append(q.qsize())
r.append(lock.locked())
r.append(sem.acquire(blocking=False))
sem.release()
""".splitlines()

WAITING = """\
e.wait()
r.append(e.wait(1))
time.sleep(1)
time.sleep(2)
r.append(time.monotonic())
r.append(q.get())
with cond: cond.notify()
with cond: cond.wait()
with cond: r.append(cond.wait(1))
sem.acquire()
r.append(lock.acquire(timeout=1))
lock.release()
t = threading.Timer(1, x.append, (9,)); t.start(); t.cancel(); t.join()
""".splitlines()


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A program, of two threads or three; one of them may be the main one."""
    lines = [HEAD]
    bodies = draw(st.integers(2, 3))
    # A few things that they all do, or they would hardly ever meet.
    common = draw(st.lists(st.sampled_from(SIMPLE + WAITING), min_size=1, max_size=4))
    for body in range(bodies):
        lines += [
            f"    r{body} = []",
            f"    def f{body}(r=r{body}, x=x):",
            "        global n",
            "        nonlocal m",
            "        try:",
        ]
        for _ in range(draw(st.integers(1, 3))):
            text = draw(st.sampled_from(common)).replace("{k}", str(draw(st.integers(1, 2))))
            if draw(st.integers(0, 3)) == 0:
                lines += ["            with lock:", f"                {text}"]
            else:
                lines.append(f"            {text}")
        lines += ["        except Exception as error:", "            r.append(str(error))"]
    own = draw(st.booleans())
    rest = range(bodies - own)
    lines += [f"    t{body} = threading.Thread(target=f{body})" for body in rest]
    lines += [f"    t{body}.start()" for body in rest]
    lines += [f"    f{bodies - 1}()"] * own
    lines += [f"    t{body}.join()" for body in rest]
    seen = ", ".join(f"r{body}" for body in range(bodies))
    lines.append(f"    return {seen}, s.__dict__, x, d, n, m")
    return "\n".join(lines) + "\n"


class Loader:
    """Loads one program after another into one simulated world, which is dear to make."""

    def __init__(self, folder: Path, most: int = 100_000) -> None:
        self._folder = folder
        self._names = (f"program_{number}" for number in count())
        own = (f"program_{number}" for number in range(most))
        self.simulation = Simulation(Project(own, [str(folder)]), recording=True)

    def load(self, source: str):
        name = next(self._names)
        path = self._folder / f"{name}.py"
        path.write_text(source, encoding="utf-8")
        try:
            return self.simulation, self.simulation.load(name).main
        finally:
            path.unlink()
