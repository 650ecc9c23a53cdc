"""The race detector, held against an oracle that knows the definition and nothing else.

The oracle logs what the fake locks and threads do, and the accesses, and remembers of each event
all that it comes after. FastTrack keeps only the last write and the reads since: it may name fewer
pairs of a location that has several, so that what must agree is on which locations there is a race,
and that each pair of lines which is named is one.
"""

import json
import random
import re
import weakref
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.random_programs import Loader
from tests.lab.searching import main
from threadlab.schedule import PROMPT
from threadlab.search.explore import explore
from threadlab.simulation.kernel import Reason, Task

HEAD = """\
import threading


class Cells:
    shared = 0

    def __init__(self):
        self.a = self.b = 0


def main():
    s = Cells()
    l, m = threading.Lock(), threading.RLock()
    e = threading.Event()
"""
OPERATIONS = ["s.a", "s.b = 1", "s.a = s.b", "s.a += 1", "Cells.shared += 1", "s.shared"]
AROUND = ["with l:", "with m:", "if e.is_set():", "if True:", "if True:"]


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Threads that start and join others, and read and write under locks or under none."""
    lines = [HEAD]
    bodies = draw(st.integers(2, 4))
    parents = [draw(st.integers(0, max(child - 1, 0))) for child in range(bodies)]
    for body in reversed(range(bodies)):
        lines.append(f"    def f{body}():")
        # Each but the first is started by one before it, and perhaps joined there.
        children = [child for child in range(body + 1, bodies) if parents[child] == body]
        for child in children:
            lines += some(draw)
            lines += [f"        t{child} = threading.Thread(target=f{child})"]
            lines += [f"        t{child}.start()"]
        lines += some(draw)
        if draw(st.integers(0, 2)) == 0:
            lines.append("        e.set()")
            lines += some(draw)
        for child in children:
            lines.append(f"        t{child}.join()")
            lines += some(draw)
        lines.append("        return")
    lines.append("    f0()")
    return "\n".join(lines) + "\n"


def some(draw: st.DrawFn) -> list[str]:
    lines = []
    for _ in range(draw(st.integers(0, 2))):
        lines.append(f"        {draw(st.sampled_from(AROUND))}")
        lines.append(f"            {draw(st.sampled_from(OPERATIONS))}")
    return lines


class Event(NamedTuple):
    """An access; ``before`` has the bits of the events that it comes after."""

    number: int
    task: Task
    location: tuple[int, str]
    writes: bool
    line: int
    before: int


class Oracle:
    """Logs executions, and says which accesses conflict and are not ordered."""

    def __init__(self, simulation) -> None:
        self._kernel = simulation.kernel
        self._sites = simulation.sites
        lock = simulation.importer.modules["_thread"].LockType
        threading = simulation.threading
        self._after(lock, "acquire", self._learn)
        lock.__enter__ = lock.acquire
        self._before(lock, "release", self._teach)
        self._after(threading.Event, "set", self._teach)
        self._after(threading.Event, "is_set", self._learn)
        self._before(threading.Thread, "start", self._teach)
        self._before(threading.Thread, "run", self._learn)
        self._after(threading.Thread, "run", self._teach)
        self._after(threading.Thread, "join", self._learn)
        self._before(simulation.accesses, "_access", self._access)
        self.begin()

    def begin(self) -> None:
        self.accesses: list[Event] = []
        self._count = 0
        self._known: dict[Task, int] = {}
        self._taught: dict[object, int] = {}

    def races(self) -> set[tuple[str, frozenset[int]]]:
        return {
            (later.location[1], frozenset({earlier.line, later.line}))
            for number, later in enumerate(self.accesses)
            for earlier in self.accesses[:number]
            if earlier.location == later.location
            and earlier.task is not later.task
            and (earlier.writes or later.writes)
            and not later.before >> earlier.number & 1
        }

    def _access(self, owner: object, name: str, writes: bool, site: int) -> None:
        task = self._kernel.current
        before = self._known.get(task, 0)
        line = self._sites[site].line
        event = Event(self._count, task, (id(owner), name), writes, line, before)
        self.accesses.append(event)
        self._known[task] = before | 1 << self._count
        self._count += 1

    def _teach(self, sync: object) -> None:
        if not getattr(sync, "_silent", False):
            known = self._known.get(self._kernel.current, 0)
            self._taught[sync] = self._taught.get(sync, 0) | known

    def _learn(self, sync: object) -> None:
        task = self._kernel.current
        self._known[task] = self._known.get(task, 0) | self._taught.get(sync, 0)

    def _before(self, owner: object, name: str, log: Callable[..., None]) -> None:
        method = getattr(owner, name)
        known = weakref.WeakMethod(log)  # or else all is put back that is logged

        def logged(*args: object, **kwargs: object) -> object:
            known()(*args, **kwargs)
            return method(*args, **kwargs)

        setattr(owner, name, logged)

    def _after(self, owner: object, name: str, log: Callable[..., None]) -> None:
        method = getattr(owner, name)
        known = weakref.WeakMethod(log)

        def logged(*args: object, **kwargs: object) -> object:
            result = method(*args, **kwargs)
            known()(args[0])
            return result

        setattr(owner, name, logged)


class Chance:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        return self._random.randrange(len(ready) + clock)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    loader = Loader(tmp_path_factory.mktemp("programs"))
    return loader, Oracle(loader.simulation)


@given(programs(), st.lists(st.integers(0, 1 << 32), min_size=1, max_size=5))
def test_races_are_what_happens_before_says(world, source, seeds):
    loader, oracle = world
    simulation, function = loader.load(source)
    for seed in seeds:
        oracle.begin()
        simulation.execute(function, Chance(seed))
        found = {
            (race.location.rpartition(".")[2], frozenset(line for _, line in race.lines))
            for race in simulation.accesses.races
        }
        expected = oracle.races()
        assert found <= expected
        assert {name for name, _ in found} == {name for name, _ in expected}


def test_the_oracle_sees_races(world):
    loader, oracle = world
    body = "    t = threading.Thread(target=lambda: setattr(s, 'b', s.a))\n"
    simulation, function = loader.load(f"{HEAD}{body}    t.start()\n    s.a = 1\n    t.join()\n")
    oracle.begin()
    simulation.execute(function)
    assert {name for name, _ in oracle.races()} == {"a"}


def races_of(loader: Loader, body: str) -> set[str]:
    simulation, function = loader.load(HEAD + body)
    simulation.execute(function)
    return {race.location for race in simulation.accesses.races}


START_IN_TURN = """\
    threads = [threading.Thread(target=f) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
"""


def test_each_that_sets_an_event_is_before_who_finds_it_set(world):
    body = """\
    def write():
        s.a = 1
        e.set()

    def read():
        if e.is_set():
            s.a

    functions = [write, e.set, read]
"""
    assert not races_of(world[0], body + START_IN_TURN)


def test_to_hide_a_variable_of_the_class_races_with_who_reads_that(world):
    body = """\
    def write():
        s.shared = 1

    def read():
        s.shared

    functions = [read, write]
"""
    assert races_of(world[0], body + START_IN_TURN) == {"Cells.shared"}


# What a search says of them


RACES = """
import threading
import queue
from concurrent.futures import ThreadPoolExecutor

total = 0

class Account:
    def __init__(self):
        self.balance = 0

def scenario():
    global total
    total = 0
    account, xs, lock = Account(), [0], threading.Lock()
    event, condition = threading.Event(), threading.Condition()
    barrier, semaphore = threading.Barrier(2), threading.Semaphore(0)
    jobs, count = queue.Queue(), 0

    def first():
        nonlocal count
        global total
        {first}

    def second():
        nonlocal count
        global total
        {second}

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    {main}
"""


BOTH = "for t in threads: t.start()\n    for t in threads: t.join()"
ADD = "account.balance += 1"


def racing(first, second, main=BOTH):
    return RACES.format(first=first, second=second, main=main)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Account.balance", racing(ADD, ADD)),
        ("Account.balance", racing(ADD, "account.balance")),
        ("Account.balance", racing(f"with lock: {ADD}", ADD)),
        ("script.total", racing("total += 1", "total += 1")),
        ("count", racing("count += 1", "count += 1")),
        ("xs[0]", racing("xs[0] += 1", "xs[0] = 3")),
        ("Account.balance", racing(f"event.set(); {ADD}", f"event.wait(); {ADD}")),
        ("Account.balance", racing(f"jobs.put(1); {ADD}", f"jobs.get(); {ADD}")),
        ("Account.balance", racing(ADD, "pass", f"threads[0].start(); {ADD}; threads[0].join()")),
        (
            "Account.balance",
            racing(ADD, "pass", f"threads[0].start(); threads[0].is_alive() or 0; {ADD}")
            + "    threads[0].join()",
        ),
        (
            "Account.balance",
            racing(ADD, ADD, "with ThreadPoolExecutor() as p: p.submit(first); p.submit(second)"),
        ),
        ("count", racing("count, xs[0] = 1, 2", "count")),
        ("count", racing("for count in range(2): pass", "count")),
    ],
)
def test_races_are_named_and_told_once(script, capsys, name, text):
    spec = script(text)
    races = explore(spec, strategy="random", executions=100).races
    assert {race.location for race in races} == {name}
    assert len({race.lines for race in races}) == len(races)
    for race in races:
        for access in (race.first, race.second):
            assert access.stack[-1].startswith(f"script.py:{access.line} in scenario")
    status, out, _ = main(capsys, spec, "--races", "error")
    assert status == 1
    assert re.search(rf"^race in .*: data race on {re.escape(name)}$", out, re.MULTILINE)
    assert not explore(spec, races="off", executions=50).races


@pytest.mark.parametrize(
    "text",
    [
        racing(f"with lock: {ADD}", f"with lock: {ADD}"),
        racing(f"{ADD}; event.set()", f"event.wait(); {ADD}"),
        racing(f"{ADD}; jobs.put(1)", f"jobs.get(); {ADD}"),
        racing(f"{ADD}; semaphore.release()", f"semaphore.acquire(); {ADD}"),
        racing(f"{ADD}; barrier.wait()", f"barrier.wait(); {ADD}"),
        racing(f"{ADD}; event.set()", f"while not event.is_set(): pass\n        {ADD}"),
        racing(f"with condition: {ADD}; condition.notify()", f"with condition: {ADD}"),
        racing(ADD, ADD, "for t in threads: t.start(); t.join(); t.join()"),
        racing(ADD, ADD, f"{ADD}; threads[0].start(); threads[0].join(); {ADD}"),
        racing(
            ADD,
            "pass",
            f"threads[0].start()\n    while threads[0].is_alive(): pass\n    {ADD}",
        ),
        racing(ADD, ADD, f"with ThreadPoolExecutor() as p: p.submit(first).result(); {ADD}"),
        racing(ADD, ADD, "with ThreadPoolExecutor(1) as p: p.submit(first); p.submit(second)"),
        racing("xs[0] = 1", "xs.append(1)"),
        racing("local = 1; local += 1", "local = 2; local += 1"),
    ],
)
def test_what_is_ordered_is_no_race(script, text):
    for strategy in ("random", "bounded"):
        result = explore(script(text), strategy=strategy, executions=100, races="error")
        assert not result.found
        assert not result.races


HANDED_OVER = """\
import threading

class Job:
    def __init__(self):
        self.done = False

def scenario():
    jobs = []
    threads = [threading.Thread(target=f) for f in (lambda: jobs.append(Job()), lambda: take(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

def take(jobs):
    if jobs:
        jobs.pop().done = True
"""


def test_what_makes_the_argument_of_a_call_comes_before_the_call(script):
    result = explore(script(HANDED_OVER), executions=100)
    assert not result.found
    assert not result.races


def test_that_one_thread_ends_before_the_next_starts_is_no_order(script):
    """On any Python: up to 3.12, `start` looks for the threads that have ended."""
    assert explore(script(racing(ADD, ADD)), replay=PROMPT).races


def test_a_race_can_be_the_failure(script, capsys):
    spec = script(racing("count = 1", "count = 2"))
    assert main(capsys, spec)[0] == 0
    status, out, _ = main(capsys, spec, "--races", "error", "--json")
    assert status == 1
    result = json.loads(out.splitlines()[-1])
    assert (result["failure"]["kind"], result["failure"]["message"]) == (
        "race",
        "data race on count",
    )
    (race,) = result["races"]
    assert [access["kind"] for access in race["accesses"]] == ["write", "write"]
    (case,) = result["failures"]
    replayed = main(capsys, *case["again"].split()[2:])
    assert replayed[0] == 1
    assert "race in " in replayed[1]
