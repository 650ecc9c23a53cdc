"""What is told of an execution that failed is what happened, and to tell it changes nothing."""

import io
import re
import textwrap
from pathlib import Path

import pytest
from rich.console import Console

from tests.harness import scripts
from tests.harness.explore import explore
from tests.harness.reports import table, text
from tests.harness.reports.observer import observe
from tests.harness.reports.rows import rows
from tests.harness.simulation import schedule

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
    shown = text.shown(result, spec)
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
