"""What is told of an execution that failed is what happened, and to tell it changes nothing."""

import io
import re
import textwrap
from pathlib import Path

import pytest
from rich.console import Console

from tests.harness import scripts
from tests.harness.explore import explore
from tests.harness.failures import headline
from tests.harness.reports import table, text
from tests.harness.reports.observer import observe
from tests.harness.reports.rows import rows
from tests.harness.simulation import schedule
from tests.harness.simulation.kernel import Failure
from tests.meta.explored import CONSTRUCTS, PRELUDE

ROOT = Path(__file__).parents[2]
FLAG = "tests/races/one_bit_flag.py:scenario"


@pytest.fixture
def script(tmp_path):
    """Writes a script and returns what names its function ``scenario``."""

    def write(source, name="script.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(source), encoding="utf-8")
        return f"{path}:scenario"

    return write


def loaded(spec, token="-"):
    simulation, scenario = scripts.load(spec, recording=True)
    return simulation, scenario, schedule.parse(token)


def pipe(width=80):
    return Console(file=io.StringIO(), width=width, force_terminal=False)


def terminal(width=80, height=50):
    return Console(
        file=io.StringIO(), width=width, height=height, force_terminal=True, color_system="standard"
    )


def explained(spec, token="-", console=None, whole=False):
    """The text of `explore`, as the command prints it, and the timeline that is in it."""
    result = explore(spec, replay=schedule.parse(token))
    shown = text.shown(result)
    return "\n".join(text.report(result, shown, console or pipe(), whole)), shown.timeline


def notes(timeline, thread=None):
    return [
        note
        for row in rows(timeline)
        for note in row.notes
        if thread is None or timeline.threads[row.thread] == thread
    ]


# The one-bit flag


def flag(token="41+1.1"):
    return observe(*loaded(FLAG, token))


def test_the_flag_tells_which_thread_missed_which_tick_and_why():
    drawn = table.text(flag(), pipe())
    lines = drawn.splitlines()
    assert len(lines) <= table.LINES
    assert max(map(len, lines)) <= table.WIDTH
    assert drawn.isascii()
    assert "\x1b" not in drawn
    story = [
        r"MainThread +Thread-1 \(wait\) +Thread-2 \(run\)",
        r"^ 1 s .* self\._flag \^= 1   _flag: 0 -> 1$",
        r" self\.ticks \+= 1   ticks: 0 -> 1$",
        r" woken by Thread-2 \(run\), still without _cv$",
        r" > .* if not self\._cv\.wait\(timeout\):$",
        r" held up without _cv; time goes on$",
        r"^ 2 s .* self\._flag \^= 1   _flag: 1 -> 0$",
        r" self\.ticks \+= 1   ticks: 1 -> 2$",
        r" if not self\._cv\.wait\(timeout\):   takes _cv$",
        r" _flag is 0 again, after 1; ",
        r"^ +\d+ ! .*assert tick == before \+ 1   AssertionError$",
    ]
    at = 0
    for line in lines:
        if at < len(story) and re.search(story[at], line):
            at += 1
    assert at == len(story), f"{story[at]} is not in\n{drawn}"


def test_under_the_table_is_the_line_that_replays_it():
    told, _ = explained(FLAG, "41+1.1")
    assert told.endswith(
        "\n\nschedule: 41+1.1, 1 delay\n"
        f"Again: python -m tests.harness explore {FLAG} --replay 41+1.1"
    )


def test_a_terminal_has_colour_and_lines():
    plain, coloured = table.text(flag(), pipe()), table.text(flag(), terminal())
    assert "\x1b[" in coloured
    bare = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    lines = bare.translate(str.maketrans("│·", "|.")).splitlines()
    assert lines == plain.splitlines()
    assert max(map(len, lines)) <= table.WIDTH


def test_the_whole_is_shown_on_demand():
    timeline = flag()
    whole = table.text(timeline, pipe(), whole=True)
    assert "... " not in re.sub(r"\S\.\.\.$", "", whole, flags=re.MULTILINE)
    steps = {event.step for event in timeline.events if event.kind == "step"}
    shown = {int(number) for number in re.findall(r"^ *(?:[\d.]+ s)? +(\d+) [ >!] ", whole, re.M)}
    # What one thread does at one line is one row, which bears the first of its steps.
    assert shown <= steps | {0}
    assert len(whole.splitlines()) > 60


# What is waited for

WAITING = """
import queue, socket, threading, time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait

class Door:
    def __init__(self):
        self.lock = threading.RLock()
        self.opened = threading.Condition()

    def enter(self):
        with self.lock:
            time.sleep(1)

    def wait(self):
        with self.opened:
            self.opened.wait()

def start(function):
    thread = threading.Thread(target=function, name=function.__name__)
    thread.start()
    return thread

def scenario():
    door, lock, locks = Door(), threading.Lock(), [threading.Lock()]
    event, semaphore, barrier = threading.Event(), threading.Semaphore(0), threading.Barrier(2)
    future, simple, jobs = Future(), queue.SimpleQueue(), queue.Queue(1)
    one, other = socket.socketpair()
    condition, opened = threading.Condition(lock), door.opened

    def nap():
        time.sleep(2)

    def work():
        {work}

    {before}
    thread = start(work)
    time.sleep(1)
    {main}
    thread.join()
"""

WAITS = {
    # What the thread does: what the main thread does before, and a second later, and what is told.
    "lock.acquire()": ("lock.acquire()", "lock.release()", "lock, held by MainThread"),
    "lock.acquire(timeout=3)": ("lock.acquire()", "", "lock, held by MainThread, until 3 s"),
    "locks[0].acquire()": (
        "locks[0].acquire()",
        "locks[0].release()",
        "locks[0], held by MainThread",
    ),
    "door.enter()": ("start(door.enter)", "", "lock, held by enter"),
    "door.wait()": ("", "with door.opened: door.opened.notify()", "a notify of opened"),
    "with door.opened: 1": ("opened.acquire()", "opened.release()", "opened, held by MainThread"),
    "door.wait(); back": (
        "back = 1",
        "with opened: opened.notify(); time.sleep(1)",
        "opened, held by MainThread",
    ),
    "with condition: condition.wait(3)": ("", "", "a notify of condition, until 3 s"),
    "with opened: opened.wait_for(lambda: 0, 2)": ("", "", "a notify of opened, until 2 s"),
    "event.wait()": ("", "event.set()", "event to be set"),
    "semaphore.acquire()": ("", "semaphore.release()", "a release of semaphore"),
    "with semaphore: pass": ("", "semaphore.release()", "a release of semaphore"),
    "barrier.wait()": ("", "barrier.wait()", "the others at barrier"),
    "jobs.get(timeout=7)": ("", "jobs.put(1)", "an item in jobs, until 7 s"),
    "jobs.put(1)": ("jobs.put(0)", "jobs.get()", "room in jobs"),
    "jobs.join()": ("jobs.put(0)", "jobs.task_done()", "all of jobs to be done"),
    "simple.get()": ("", "simple.put(1)", "an item in simple"),
    "future.result()": ("", "future.set_result(1)", "the result of future"),
    "wait([future])": ("", "future.set_result(1)", "futures to be done"),
    "list(as_completed([future]))": ("", "future.set_result(1)", "futures to be done"),
    "with ThreadPoolExecutor() as pool: pool.submit(time.sleep, 1)": (
        "",
        "",
        "the work of pool to be done",
    ),
    "naps.join()": ("naps = start(nap)", "", "the end of nap"),
    "naps.join(1.5)": ("naps = start(nap)", "", "the end of nap, until 1.5 s"),
    "timer.join()": ("timer = threading.Timer(2, print); timer.start()", "", "the end of Thread-1"),
    "time.sleep(2)": ("", "", "2 s to pass"),
    "one.recv(1)": ("", "other.send(b'1')", "data"),
    "one.sendall(bytes(100_000))": ("", "other.recv(100_000)", "room to send"),
}


def waiting(script, work, before, main):
    filled = WAITING.format(work=work, before=before or "pass", main=main or "pass")
    return observe(*loaded(script(filled)))


@pytest.mark.parametrize("work", WAITS)
def test_what_is_waited_for_is_called_as_the_code_calls_it(script, work):
    before, main, told = WAITS[work]
    timeline = waiting(script, work, before, main)
    assert f"waits for {told}" in notes(timeline, "work")
    assert max(event.time for event in timeline.events) >= 1


def test_a_timer_waits_for_its_time(script):
    timer = "t = threading.Timer(2, print); t.start()"
    timeline = waiting(script, "pass", timer, "t.cancel(); t.join()")
    assert "waits for its time to come, until 2 s" in notes(timeline, "Thread-1")


# Observing changes nothing


def outcome(simulation, scenario, token):
    """How an execution ends that nobody looks at."""
    try:
        simulation.execute(scenario, token)
    except BaseException as error:
        told = [headline(error)]
        if isinstance(error, Failure):
            told = [type(error).__name__.lower()] * len(error.tasks)
    else:
        told = []
    return told, state(simulation.kernel)


def state(kernel):
    return kernel.steps, kernel.now, kernel.culprit, kernel.taken


def assert_same(simulation, scenario, token):
    """It ends in the same way, and says so, if it is looked at; returns what was seen of it."""
    with scripts.quiet():
        # What the recorder knows of a class it has asked that class; so not at the first time.
        simulation.execute(lambda: None)
        told, after = outcome(simulation, scenario, token)
    timeline = observe(simulation, scenario, token)
    assert state(simulation.kernel) == after
    fails = [event.what for event in timeline.events if event.kind == "fail"]
    assert fails.count(told[0]) >= len(told) if told else not fails
    return timeline


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_what_is_observed_is_what_happens(script, construct):
    script("total = 0\n\ndef add():\n    global total\n    total += 1\n", "beside.py")
    for sound in (False, True):
        spec = script(PRELUDE.format(sound=sound) + CONSTRUCTS[construct], f"sound_{sound}.py")
        simulation, scenario, _ = loaded(spec)
        for token in ("-", "9.1,11.1", "5.1,10+1.1"):
            assert_same(simulation, scenario, schedule.parse(token))


HOSTILE = """
import collections, threading, weakref

calls = []

def told(name):
    def method(self, *args):
        calls.append(name)
        return getattr(super(Hostile, self), name)(*args)
    return method

class Meta(type):
    def __getattribute__(cls, name):
        calls.append(f"type.{name}")
        return super().__getattribute__(name)

    def __eq__(cls, other):
        calls.append("== of a type")
        return cls is other

    def __hash__(cls):
        calls.append("hash of a type")
        return 1

    @property
    def __name__(cls):
        calls.append("name of a type")
        return "?"

class Hostile(metaclass=Meta):
    def __init__(self):
        self.value = 0
        self.children = [self]

    __repr__, __str__, __hash__, __eq__ = map(told, ("__repr__", "__str__", "__hash__", "__eq__"))
    __getattribute__ = told("__getattribute__")

    def __getattr__(self, name):
        calls.append(name)
        raise AttributeError(name)

    def __len__(self):
        calls.append("len")
        return 1

    def __iter__(self):
        calls.append("iter")
        return iter(())

    @property
    def __class__(self):
        calls.append("class")
        return int

    @property
    def computed(self):
        calls.append("computed")
        return self.value

class Slots:
    __slots__ = ("lock", "value")

    def __repr__(self):
        calls.append("repr")
        return "?"

class Computed:
    def __get__(self, owner, cls=None):
        calls.append("get")
        return 1

    def __set__(self, owner, value):
        calls.append("set")

class Descriptor:
    computed = Computed()

def overridden(base, *names):
    def method(name):
        def call(self, *args):
            calls.append(name)
            return getattr(base, name)(self, *args)
        return call
    return type(base.__name__.title() + "y", (base,), {name: method(name) for name in names})

Listy = overridden(list, "__len__", "__iter__", "__repr__")
Items = overridden(list, "__getitem__", "__setitem__")
Dicty = overridden(dict, "items", "keys", "get", "__len__", "__iter__", "__contains__")
Sety = overridden(set, "__len__", "__iter__", "__repr__")
Key = overridden(str, "__repr__", "__str__", "__format__", "__hash__", "__eq__")
Number = overridden(int, "__repr__", "__index__", "__hash__", "__eq__", "bit_length")
Text = overridden(str, "__repr__", "__str__", "__len__", "__getitem__", "isprintable")

class Named(threading.Thread):
    @property
    def name(self):
        calls.append("name")
        return "hostile"

    @name.setter
    def name(self, name):
        self._name = name

class Locked(type(threading.Condition())):
    def __getattribute__(self, name):
        calls.append(f"condition.{name}")
        return super().__getattribute__(name)

class Fleeting:
    value = 0

    def __del__(self):
        calls.append("del")
        for number in range(3):
            calls.append(number)

local = threading.local()
shared = None

def scenario():
    global shared
    calls.clear()
    one, slots, descriptor = Hostile(), Slots(), Descriptor()
    slots.value, slots.lock = Text("value"), threading.Lock()
    shared = slots
    lists = [Listy([1, 2]), Items([1, 2])]
    dicts = [Dicty(k=1), collections.defaultdict(int), {Key("k"): 1, Number(3): 2, 2: 3}]
    sets = [Sety([1]), {1, Text("a")}]
    condition = Locked()
    dead = []

    def work():
        local.value = one
        local.value
        one.value += 1
        one.children.append(Hostile())
        one.computed
        descriptor.computed = 2
        descriptor.computed
        shared.value = Number(one.value)
        with slots.lock, condition:
            for each in lists:
                each[0] = each[1]
                each.append(3)
            for each in dicts:
                each["k"] = 1
                each["k"]
                each[3] = each["k"]
            for each in sets:
                each.add(Text("a"))
            condition.notify_all()
            condition.wait(1)
        Fleeting().value = 1
        fleeting = Fleeting()
        dead.append(weakref.ref(fleeting, lambda ref: calls.append("gone")))
        with condition:
            fleeting.value += 1
        del fleeting
        assert dead.pop()() is None
        del one.value

    threads = [Named(target=work), Named(target=work)]
    threads[0].name = threads[1].name = "a\\n[bold]b[/bold] \\x1b[31m\\u00e9 \\ud800"
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shared = None
    assert not calls, (len(calls), *calls)
"""


@pytest.mark.parametrize("token", ["-", "40.1", "90.1,100.1", "70.1,120.1,200.1"])
def test_no_code_is_run_and_nothing_kept_to_look_at_it(script, token):
    simulation, scenario, token = loaded(script(HOSTILE), token)
    outcome(simulation, scenario, token)  # the recorder asks classes, once
    timeline = assert_same(simulation, scenario, token)
    last = timeline.events[-1].what
    assert last.startswith("AssertionError: (")
    assert "'gone'" in last
    assert not any("AssertionError" in event.what for event in timeline.events[:-1])
