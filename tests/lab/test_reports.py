"""What is told of an execution that failed is what happened, and to tell it changes nothing."""

import argparse
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from tests.lab.explored import CONSTRUCTS, PRELUDE
from threadlab import cli as command
from threadlab.errors import Failure, headline
from threadlab.program import Program, quiet
from threadlab.reports import failed_test, files, observer, table, text
from threadlab.reports.observer import observe
from threadlab.reports.rows import rows
from threadlab.schedule import Schedule
from threadlab.search.explore import explore
from threadlab.simulation import kernel

ROOT = Path(__file__).parents[2]
FLAG = "tests/races/one_bit_flag.py:scenario"


def loaded(spec, token="-"):
    simulation, scenario = Program.parse(spec).load(recording=True)
    return simulation, scenario, Schedule.parse(token)


def pipe(width=80):
    return Console(file=io.StringIO(), width=width, force_terminal=False)


def terminal(width=80, height=50):
    return Console(
        file=io.StringIO(), width=width, height=height, force_terminal=True, color_system="standard"
    )


def explained(spec, token="-", console=None, whole=False):
    """The text of `explore`, as the command prints it, and the timeline that is in it."""
    result = explore(spec, replay=Schedule.parse(token))
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
        r" self\._flag \^= 1   _flag: 1 -> 0$",
        r" self\.ticks \+= 1   ticks: 1 -> 2$",
        r" if not self\._cv\.wait\(timeout\):   takes _cv$",
        r" \* .* while last_flag == self\._flag",
        r" _flag is 0 again, after 1; ",
        r"^ +\d+ ! .* self\._stopped = True",
        r"^ +\d+ ! .*assert tick == before \+ 1   AssertionError$",
    ]
    assert "\n 2 s " in drawn
    at = 0
    for line in lines:
        if at < len(story) and re.search(story[at], line):
            at += 1
    assert at == len(story), f"{story[at]} is not in\n{drawn}"


def test_under_the_table_is_the_line_that_replays_it():
    told, _ = explained(FLAG, "41+1.1")
    assert told.endswith(
        f"\n\nschedule: 41+1.1, 1 delay\nAgain: threadlab explore {FLAG} --replay 41+1.1"
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
    with quiet(simulation.kernel):
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
        for token in ["-"] if sound else ["9.1,11.1", "5.1,10+1.1"]:
            assert_same(simulation, scenario, Schedule.parse(token))


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
        for each in (*lists, *dicts, *sets, Number(one.value)):
            shared.value = each
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
        fresh = threading.Lock()
        with fresh, condition:
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


def test_what_dies_does_so_before_the_next_step(script):
    spec = script(
        """
        class Fleeting:
            def __del__(self):
                self.value = 2

        def scenario():
            Fleeting().value = 1
            return 3
        """
    )
    timeline = observe(*loaded(spec))
    steps = [(e.step, timeline.text(e.place)) for e in timeline.events if e.kind == "step"]
    lines = ["Fleeting().value = 1", "self.value = 2", "return 3"]
    assert steps == list(enumerate(lines, start=1))


def test_what_an_error_says_is_asked_for_at_the_end_only(script):
    spec = script(
        """
        import threading

        class Odd(Exception):
            said = 0

            def __str__(self):
                Odd.said += 1
                return "odd"

        def scenario():
            def fail():
                raise Odd

            thread = threading.Thread(target=fail)
            thread.start()
            thread.join()
            assert not Odd.said
        """
    )
    timeline = observe(*loaded(spec))
    fail, *rest = [event for event in timeline.events if event.kind == "fail"]
    assert fail.what.endswith("Odd: odd")
    assert not rest


# What came of a line

TOLD = """
import collections, enum, threading, time

class Colour(enum.Enum):
    RED = 1

class Number(int):
    pass

class Box:
    def __init__(self):
        self.value = 0
        self.items = []

    def add(self, item):
        self.items.append(item)

total = 0

def scenario():
    global total
    total = 0
    box, other, seen, mine = Box(), Box(), threading.Event(), threading.Event()
    totals, names, colour, text = {{"all": 1}}, set(), None, "a" * 1000

    def first():
        nonlocal colour, text
        global total
        seen.wait()
        {first}
        mine.set()

    def second():
        nonlocal colour, text
        global total
        {second}
        seen.set()
        mine.wait(2)
        {then}

    threads = [threading.Thread(target=each, name=each.__name__) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""
NOTES = [
    # What one thread does, then the other, then the first again, and what is told of that.
    ("box.value", "box.value += 1", "box.value = 2", "value = 2, over first's 1"),
    ("box.value", "box.value = 1; box.value = 0", "box.value", "value is 0 again, after 1"),
    ("total", "total = 1; total = 0", "total", "total is 0 again, after 1"),
    ("total", "total = 1", "total", "total is 1"),
    ("total += 1", "total", "total += 1", "total: 1 -> 2"),
    ("box.value", "box.value = 5", "box.value += 1", "value: 5 -> 6"),
    ("total", "total = 1; total = 2; total = 3; total = 4; total = 0", "total", "after 1, ..., 4"),
    ("box.add(1)", "box.add(2)", "box.items.pop()", "items: [1, 2] -> [1]"),
    ("box.items", "box.add(2)", "box.items.copy()", "items is [2]"),
    ("totals['all']", "totals['all'] = 2", "totals['all']", "totals['all'] is 2"),
    ("totals['all']", "totals['all'] = 2", "del totals['all']", "totals['all'] = deleted"),
    ("totals", "totals.update(one=2)", "totals.pop('all')", "totals = {'one': 2}"),
    ("names.add('b')", "names.add('a')", "names.discard('c')", "names = {'a', 'b'}"),
    ("box.value", "box.value = 1", "del box.value", "value = deleted"),
    ("colour", "colour = None", "colour = Colour.RED", "colour = Colour.RED"),
    ("colour", "colour = None", "colour = Number(3)", "colour = Number(3)"),
    ("colour", "colour = None", "colour = 10**9999", "colour = <an int of 33216 bits>"),
    ("colour", "colour = None", "colour = Box", "colour = Box"),
    ("colour", "colour = None", "colour = other", "colour = Box"),
    ("colour", "colour = None", "colour = [other, (1,)]", "colour = [Box, (1,)]"),
    ("colour", "colour = None", "colour = 'é[bold]\\n'", "colour = 'é[bold]\\n'"),
    ("text", "text = '0123456789' * 99", "text", "text is '012345678...0123456789'"),
    ("pass", "mine.wait(1)", "pass", "its time is up"),
]


@pytest.mark.parametrize(("second", "first", "then", "told"), NOTES)
def test_a_row_says_what_came_of_its_line(script, second, first, then, told):
    timeline = observe(*loaded(script(TOLD.format(first=first, second=second, then=then))))
    assert not any(event.kind == "fail" for event in timeline.events)
    said = notes(timeline, "first" if "time" in told else "second")
    assert any(told in note for note in said), said


def test_what_is_not_changed_is_no_news(script):
    """Once it is made, that is, before which nobody knows it."""
    source = TOLD.format(first="box.value, totals['all']", second="box.value", then="totals['all']")
    said = notes(observe(*loaded(script(source))))
    assert not any("value" in note or "totals" in note for note in said)


def test_what_is_not_shared_is_no_news(script):
    """Each thread has a list of its own, which it calls by the same name."""
    spec = script(
        """
        import threading

        def scenario():
            def work():
                mine = []
                mine.append(1)
                mine.append(2)

            threads = [threading.Thread(target=work) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        """
    )
    assert not any("mine" in note for note in notes(observe(*loaded(spec))))


def test_the_two_accesses_of_a_race_are_marked(script):
    spec = script(PRELUDE.format(sound=False) + CONSTRUCTS["nonlocal"])
    timeline = observe(*loaded(spec, "9.1,11.1"))
    assert timeline.races
    for race in timeline.races:
        first, second = timeline.events[race.first], timeline.events[race.second]
        assert first.what == second.what == race.location == "total"
        assert first.thread != second.thread
        assert "write" in (first.kind, second.kind)
        marks = {
            row.mark for row in rows(timeline) for at in race[1:] if row.first <= at <= row.last
        }
        assert marks == {"race"}
    assert "total = 1, over Thread-2 (add)'s 1" in notes(timeline)


def test_a_variable_of_another_module_is_known(script):
    script("total = 0\n\ndef add():\n    global total\n    total += 1\n", "beside.py")
    spec = script(
        """
        import threading
        import beside

        def scenario():
            beside.total = 0
            threads = [threading.Thread(target=beside.add) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            beside.total -= 1
            assert beside.total == 2
        """
    )
    said = notes(observe(*loaded(spec)))
    assert "total: 0 -> 1" in said
    assert "total: 2 -> 1" in said


# What is left out, and what never is


def many(threads, rounds):
    return f"""
    import threading

    def scenario():
        total = 0

        def work():
            nonlocal total
            for _ in range({rounds}):
                total += 1

        threads = [threading.Thread(target=work) for _ in range({threads})]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert total < 0
    """


@pytest.mark.parametrize(("threads", "rounds"), [(2, 40), (50, 2)])
def test_at_most_a_screen_is_shown_and_never_without_what_matters(script, threads, rounds):
    timeline = observe(*loaded(script(many(threads, rounds)), "100.1,150.1"))
    for height in (10, 24, 60, 200):
        drawn = table.text(timeline, terminal(height=height))
        assert len(drawn.splitlines()) <= max(height, 20)
    for most in (8, 20, 60):
        few = rows(timeline, most)
        assert len(few) <= most
        assert {row.mark for row in few} >= {"held", "fold"}
        assert few[-1].mark == "fail" or few[-1].thread == 0
        kept = [row for row in rows(timeline) if row.mark in ("held", "fail")]
        assert most < 20 or set(kept) <= set(few)
        assert few[0].first == 0
        assert [row.first for row in few[1:]] == [row.last + 1 for row in few[:-1]]


def test_threads_for_which_there_is_no_room_are_named_in_the_rows(script):
    spec = script(many(50, 1))
    timeline = observe(*loaded(spec))
    for width in (60, 80, 200):
        drawn = table.text(timeline, pipe(width), whole=True)
        lines = drawn.splitlines()
        assert max(map(len, lines)) <= width
        assert lines[0].split() == ["time", "step"]
        assert all(f" Thread-{number} (work): total += 1" in drawn for number in range(1, 51))


@pytest.mark.parametrize("threads", range(1, 9))
def test_threads_can_be_told_apart_at_the_head(script, threads):
    lines = table.text(observe(*loaded(script(many(threads, 1)))), pipe(), whole=True).splitlines()
    assert max(map(len, lines)) <= table.WIDTH
    heads = lines[0].replace(" (work)", "").split()[2:]
    assert len(set(heads)) == len(heads)
    assert len(heads) in (0, threads + 1)
    assert heads or threads > 3


def test_threads_of_which_the_names_begin_alike_are_named_in_the_rows(script):
    name = "name=f'a worker, the one of {_}'"
    source = many(4, 1).replace("target=work", f"target=work, {name}")
    lines = table.text(observe(*loaded(script(source))), pipe(), whole=True).splitlines()
    assert max(map(len, lines)) <= table.WIDTH
    assert lines[0].split() == ["time", "step"]


FAILING = {
    # The scenario, and what its last rows say.
    "deadlock": (
        "thread = threading.Thread(target=lock.acquire)\n"
        "    lock.acquire()\n    thread.start()\n    thread.join()",
        ["deadlock: waits for the end of Thread-1", "deadlock: waits for lock, held by Main"],
    ),
    "left over": (
        "threading.Thread(target=lambda: event.wait()).start()",
        ["leftover: waits for event to be set"],
    ),
    "livelock": ("while True: pass", ["livelock"]),
    "thread and scenario": (
        "thread = threading.Thread(target=lambda: 1 / 0)\n"
        "    thread.start()\n    thread.join()\n    assert thread.is_alive()",
        ["ZeroDivisionError: division by zero", "AssertionError"],
    ),
    "no message": ("raise SystemExit", ["SystemExit"]),
    "long message": ("raise ValueError('long ' * 1000)", ["ValueError: long long"]),
    "of many lines": ("raise ValueError('one\\ntwo')", ["ValueError: one"]),
    "group": ("raise ExceptionGroup('several', [ValueError()])", ["ExceptionGroup: several"]),
}


@pytest.mark.parametrize("kind", FAILING)
def test_each_failure_is_in_the_row_where_it_was(script, kind, monkeypatch):
    monkeypatch.setattr(kernel, "PATIENCE", 3)
    body, told = FAILING[kind]
    spec = script(
        "import threading\n\nlock = threading.Lock()\nevent = threading.Event()\n\n"
        f"def scenario():\n    {body}\n"
    )
    drawn, timeline = explained(spec)
    said = [note for row in rows(timeline) if row.mark == "fail" for note in row.notes]
    said = [note for note in said if note != "ends"]
    assert len(said) == len(told)
    assert all(map(str.startswith, said, told)), said
    lines = drawn.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("time  step"))
    assert len(lines[begin:]) <= table.LINES + 3


def test_a_race_that_is_the_failure_is_shown(script):
    spec = script(PRELUDE.format(sound=False) + CONSTRUCTS["closure"])
    result = explore(spec, races="error", executions=200)
    assert result.failure.kind == "race"
    timeline = text.shown(result).timeline
    shown = rows(timeline, 10)
    assert [row.mark for row in shown].count("race") >= 2


def test_an_execution_without_a_step_is_shown(script):
    drawn, timeline = explained(script("import functools\nscenario = functools.partial(int, 'x')"))
    assert "exception in MainThread: ValueError: invalid literal" in drawn
    assert [event.kind for event in timeline.events] == ["fail"]


@pytest.mark.parametrize(
    ("steps", "ends"), [(1 << 30, "livelock"), (2000, "not shown any further")]
)
def test_of_an_endless_execution_the_end_is_shown(script, monkeypatch, steps, ends):
    monkeypatch.setattr(kernel, "PATIENCE", 5)
    monkeypatch.setattr(observer, "STEPS", steps)
    monkeypatch.setattr(observer, "KEPT", 300)
    spec = script(
        """
        import threading

        def scenario():
            going = True

            def spin():
                while going:
                    pass

            thread = threading.Thread(target=spin)
            thread.start()
            going = going
            thread.join()
        """
    )
    drawn, timeline = explained(spec)
    assert "livelock in MainThread, Thread-1 (spin)" in drawn
    assert len(timeline.events) == 300
    assert timeline.omitted > 1000
    assert [event.what for event in timeline.events[-2:]] == [ends, ends]
    assert timeline.text(timeline.events[-1].place) == "while going:"


def test_names_are_printed_as_they_are(script):
    spec = script(
        """
        import threading

        NAMES = ["a\\nb", "[bold]c[/bold]", ":smile:", "same", "same"]
        NAMES += ["\\x1b[31mred", "\\ud800", "é" * 90]

        def scenario():
            value = "[red]x[/red] :smile:"  # [bold]comment[/bold]
            threads = [threading.Thread(target=lambda: value, name=name) for name in NAMES]
            for thread in threads:
                thread.start()
            value = "[blue]y[/blue]"
            assert not value, "[link=x]message[/link]" + "\\x1b[0m"
        """
    )
    for console in (pipe(), pipe(200), terminal(200)):
        drawn, timeline = explained(spec, console=console, whole=True)
        assert timeline.threads == (
            *("MainThread", r"a\nb", "[bold]c[/bold]", ":smile:", "same", "same [2]"),
            *(r"\x1b[31mred", r"\ud800", "é" * 90),
        )
        drawn.encode()
        bare = re.sub(r"\x1b\[[\d;]*m", "", drawn)
        assert "\x1b" not in bare
        for name in (*timeline.threads[1:7], r"\ud800"):
            assert name in bare
        assert "value = '[blue]y[/blue]'" in bare
        assert 'value = "[red]x[/red] :smile:"' in bare
        assert timeline.events[-1].what == r"AssertionError: [link=x]message[/link]\x1b[0m"


# The same bytes


SETS = """
import threading

class Box:
    def __init__(self):
        self.names = {"one", "two", "three", "four"}
        self.places = {"one": {"a", "b", "c"}, "two": frozenset("xyz")}

def scenario():
    box, lock = Box(), threading.Lock()

    def work(name):
        with lock:
            box.names.discard(name)
        names = box.names
        box.names = names | {name + name}
        box.places[name] = set(box.names)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not box.places, len(box.names)
"""


def test_the_same_execution_gives_the_same_bytes_in_every_process(script, tmp_path):
    spec = script(SETS)
    told = []
    for seed in ("1", "2"):
        written = [tmp_path / f"{seed}.html", tmp_path / f"{seed}.json"]
        done = subprocess.run(
            [
                *(sys.executable, "-m", "threadlab", "explore", spec, "--replay=12.1,20.1"),
                *("-v", f"--race-report={written[0]}", f"--race-trace={written[1]}"),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            timeout=60,
        )
        assert (done.returncode, done.stdout.isascii()) == (1, True)
        told.append([done.stdout, *(path.read_bytes() for path in written)])
    assert told[0] == told[1]
    assert b"'four', 'oneone', 'three', 'two'" in told[0][0]


# The command, and its files


def main(capsys, *arguments):
    """Exit status, standard output and error of the command, in this process."""
    try:
        status = command.main(["explore", *arguments])
    except SystemExit as error:
        status = error.code
    return status, *capsys.readouterr()


@pytest.mark.parametrize("what", ["observe", "table"])
def test_a_defect_of_the_drawing_keeps_nothing_back(monkeypatch, capsys, tmp_path, what):
    def fail(*args):
        raise ZeroDivisionError("a defect")

    arguments = FLAG, "--replay=41+1.1", f"--race-report={tmp_path / 'race.html'}"
    status, plain, _ = main(capsys, *arguments)
    monkeypatch.setattr(text if what == "observe" else table, what.replace("table", "text"), fail)
    ended, out, _ = main(capsys, *arguments)
    assert ended == status == 1
    failed, table_and_rest = plain.split("\ntime  step ")
    rest = table_and_rest.partition("\n\n")[2]
    cannot = "the execution cannot be shown: ZeroDivisionError('a defect')"
    assert out == f"{failed}\n{cannot}\n\n{rest}"


UNWRITABLE = {
    "nowhere/race.html": "there is no folder",
    "folder": "it is a folder",
    "": "the name of a file is missing",
}


@pytest.mark.parametrize("name", UNWRITABLE)
@pytest.mark.parametrize("option", files.FORMS)
def test_a_path_that_cannot_be_written_is_said_first(capsys, tmp_path, option, name):
    (tmp_path / "folder").mkdir()
    path = str(tmp_path / name) if name else ""
    status, out, err = main(capsys, FLAG, f"{option}={path}")
    assert (status, out) == (2, "")
    assert UNWRITABLE[name] in err
    assert path in err
    assert err.count("\n") == 1


def test_a_file_that_may_not_be_written_is_said_first(monkeypatch, tmp_path):
    (tmp_path / "race.html").write_text("")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # the superuser may do all
    for name in ("race.html", "new.html"):
        with pytest.raises(argparse.ArgumentTypeError, match="it is not permitted"):
            files.writable(str(tmp_path / name))


@pytest.mark.parametrize("option", files.FORMS)
def test_an_error_at_the_end_is_a_line(monkeypatch, option):
    line = files.write(option, "/dev/full", [])
    assert line == f"{option}: cannot write /dev/full: No space left on device"
    monkeypatch.setitem(files.FORMS, option, ("", lambda reports: 1 / 0, ""))
    line = files.write(option, os.devnull, [])
    assert line.startswith(f"{option}: cannot write {os.devnull}: ZeroDivisionError(")


def test_a_file_of_no_failure_says_so(capsys, script, tmp_path):
    path = tmp_path / "race.html"
    path.write_text("of an earlier run")
    spec = script(PRELUDE.format(sound=True) + CONSTRUCTS["nonlocal"])
    status, _, err = main(capsys, spec, "--replay=-", f"--race-report={path}")
    assert (status, err) == (0, f"--race-report: {path}, 0 executions that failed\n")
    assert "Nothing failed" in path.read_text()


def test_what_cannot_be_encoded_is_escaped(script):
    spec = script("def scenario():\n    assert not 'é'  # ü\n")
    done = subprocess.run(
        [sys.executable, "-m", "threadlab", "explore", spec],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"assert not '\xe9'" in done.stdout


# Under pytest


PROPERTIES = "tests/properties/test_periodic_timer.py"
P2 = f"{PROPERTIES}::test_P2_each_thread_gets_consecutive_ticks[simulated]"
P2_FIRST = f"{PROPERTIES}::test_P2_the_first_is_the_first_to_fall_after_the_call[simulated]"


def run_pytest(folder, *arguments):
    """Exit status, failed tests, output. Hypothesis is to find the same each time."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "--hypothesis-seed=0",
            *arguments,
        ],
        cwd=ROOT,
        env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(folder), "PYTHONPATH": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
    )
    failed = re.findall(r"^FAILED (\S+)", done.stdout, re.MULTILINE)
    return done.returncode, sorted(failed), done.stdout


def test_pytest_shows_the_execution_and_writes_it_down(tmp_path):
    failing = ("--subject=tests/races/one_bit_flag.py", "--schedule=23.1", P2_FIRST, P2)
    runs, pages = [], []
    for number, options in enumerate([[], ["-n2", "--race-trace=/dev/full"]]):
        path = tmp_path / f"{number}.html"
        storage = tmp_path / str(number)
        runs.append(run_pytest(storage, *failing, f"--race-report={path}", *options))
        pages.append(path.read_text("utf-8"))
    assert {(status, *failed) for status, failed, _ in runs} == {(1, P2, P2_FIRST)}
    assert "--race-trace: cannot write /dev/full: No space left on device" in runs[1][2]
    # The order is that of the ids, not the one in which they failed.
    assert pages[0] == pages[1]
    assert 0 < pages[0].index(P2) < pages[0].index(P2_FIRST)

    for _, _, out in runs:
        at = out.index("execution under the schedule 23.1 ")
        story = [
            "time  step ",
            "held up; time goes on",
            "_flag: 1 -> 0",
            " law P2 ",
            "Example: test_P2_",
            "Again: pytest '",
        ]
        for part in story:
            assert (at := out.find(part, at)) >= 0, part
    again = re.search(rf"^Again: pytest ('{re.escape(P2_FIRST)}' .*)$", runs[0][2], re.MULTILINE)
    (tmp_path / "defect.py").write_text(
        "from threadlab.reports import table\n"
        "def text(*args):\n    raise ZeroDivisionError('a defect')\n"
        "table.text = text\n"
    )
    status, failed, out = run_pytest(tmp_path, *shlex.split(again[1]), "-p", "defect")
    assert (status, failed) == (1, [P2_FIRST])
    assert "cannot be shown: ZeroDivisionError('a defect')" in out
    assert (
        re.findall(r"^E  .*", out, re.MULTILINE)[:2]
        == re.findall(
            r"^E  .*", runs[0][2][runs[0][2].index(P2_FIRST.partition("::")[2]) :], re.MULTILINE
        )[:2]
    )


def test_pytest_says_first_that_a_path_cannot_be_written(tmp_path):
    status, failed, out = run_pytest(tmp_path, P2, f"--race-report={tmp_path}/nowhere/race.html")
    assert (status, failed) == (4, [])
    (line,) = [line for line in out.splitlines() if "race" in line and "nowhere" in line]
    assert line.endswith(f"there is no folder {tmp_path}/nowhere")
    assert "test session starts" not in out


def test_what_fails_in_the_real_world_has_no_table():
    assert failed_test.report(AssertionError(), "test", "law", "again") is None
    group = ExceptionGroup("several", [ValueError(), AssertionError()])
    assert failed_test.report(group, "test", "law", "again") is None
