"""The table of an execution: what it tells, what it leaves out, and that it fits."""

import re
from dataclasses import replace

import pytest

from tests.lab.reported import FLAG, explained, loaded, pipe, terminal
from tests.lab.specs import construct, program
from threadlab.reports import observer, table, text
from threadlab.reports.observer import observe
from threadlab.reports.rows import rows
from threadlab.search.explore import explore
from threadlab.simulation import kernel

pytestmark = pytest.mark.once

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
        r"MainThread +Thread-1 +Thread-2$",
        r"^0.5 s .* self\._flag \^= 1   _flag: 0 -> 1$",
        r" self\.ticks \+= 1   ticks: 0 -> 1$",
        r" woken by Thread-2, still without _cv$",
        r" > .* if not self\._cv\.wait\(timeout\):$",
        r" preempted without _cv; time goes on$",
        r" self\._flag \^= 1   _flag: 1 -> 0$",
        r" self\.ticks \+= 1   ticks: 1 -> 2$",
        r" self\._cv\.notify_all\(\)   wakes nobody$",
        r" \* .* while last_flag == self\._flag",
        r" _flag is 0 again, after 1; ",
        r"^ +\d+ ! .* self\._stopped = True",
        r"^ +\d+ ! .*assert tick == before \+ 1$",
        r" tick is 3, before is 0; AssertionError$",
    ]
    assert "\n  1 s " in drawn
    at = 0
    for line in lines:
        if at < len(story) and re.search(story[at], line):
            at += 1
    assert at == len(story), f"{story[at]} is not in\n{drawn}"


TABLES = [
    # What is shown, under which schedule.
    ("nonlocal_", "10.1,12.1"),
    ("with_two_locks", "10.1,12.1"),
    ("condition_wait_for", "9.1,10+1.1"),
    ("fifo_queue", "11.1,12+1.1"),
    ("result_in_time", "4.1,4+1.1"),
    ("daemon", "-"),
]


@pytest.mark.parametrize(("name", "token"), TABLES)
def test_a_table_is_as_expected(expected, name, token):
    timeline = observe(*loaded(construct(name), token))
    expected(table.text(timeline, pipe()), f"{name}.txt")


def test_the_table_of_the_flag_is_as_expected(expected):
    expected(table.text(flag(), pipe()), "one_bit_flag.txt")


def test_under_the_table_is_the_line_that_replays_it():
    told, _ = explained(FLAG, "41+1.1")
    assert told.endswith(
        "\n\nschedule: 41+1.1, 1 delay; it preempts a thread for 0.5 s\n"
        f"Again: threadlab explore {FLAG} --replay 41+1.1"
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
        assert lines[0].split() == ["time", "step", "thread:", "line"]
        assert all(f" Thread-{number} (work): total += 1" in drawn for number in range(1, 51))


@pytest.mark.parametrize("threads", range(1, 9))
def test_threads_can_be_told_apart_at_the_head(script, threads):
    lines = table.text(observe(*loaded(script(many(threads, 1)))), pipe(), whole=True).splitlines()
    assert max(map(len, lines)) <= table.WIDTH
    heads = lines[0].replace(" (work)", "").split()[2:]
    if heads == ["thread:", "line"]:
        assert threads > 5
        return
    assert len(set(heads)) == len(heads) == threads + 1
    # The same names in the rows, and no others.
    assert all(f"starts {head}" in "\n".join(lines) for head in heads[1:])
    assert "Thread-1" in heads or "Thread" not in "".join(lines).replace("threading.Thread", "")


def test_threads_of_which_the_names_begin_alike_are_named_in_the_rows(script):
    name = "name=f'a worker, the one of {_}'"
    source = many(4, 1).replace("target=work", f"target=work, {name}")
    lines = table.text(observe(*loaded(script(source))), pipe(), whole=True).splitlines()
    assert max(map(len, lines)) <= table.WIDTH
    assert lines[0].split() == ["time", "step", "thread:", "line"]


FAILING = {
    # The scenario, and what its last rows say.
    "deadlock": (
        "thread = threading.Thread(target=lock.acquire)\n"
        "    lock.acquire()\n    thread.start()\n    thread.join()",
        ["deadlock: waits for the end of Thread-1", "deadlock: waits for lock, held by Main"],
    ),
    "left over": (
        "threading.Thread(target=lambda: event.wait()).start()",
        ["leak: waits for event to be set"],
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
    monkeypatch.setattr(kernel, "SOON", 3)
    body, told = FAILING[kind]
    spec = script(
        "import threading\n\nlock = threading.Lock()\nevent = threading.Event()\n\n"
        f"def scenario():\n    {body}\n"
    )
    drawn, timeline = explained(spec)
    said = [note for row in rows(timeline) if row.mark == "fail" for note in row.notes]
    said = [note for note in said if not note.endswith("times more")]
    assert len(said) == len(told)
    assert all(map(str.startswith, said, told)), said
    lines = drawn.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("time  step"))
    assert len(lines[begin:]) <= table.LINES + 3


def test_a_race_that_is_the_failure_is_shown():
    result = explore(construct("closure"), races="error", executions=200)
    assert result.failure.kind == "race"
    timeline = text.shown(result)[0].timeline
    shown = rows(timeline, 10)
    assert [row.mark for row in shown].count("race") >= 2


def test_an_execution_without_a_step_is_shown(script):
    drawn, timeline = explained(script("import functools\nscenario = functools.partial(int, 'x')"))
    assert "exception in MainThread: ValueError: invalid literal" in drawn
    assert [event.kind for event in timeline.events] == ["fail"]


@pytest.mark.parametrize(
    ("steps", "ends"), [(1 << 30, "livelock"), (2000, "not shown any further")]
)
def test_of_an_endless_execution_the_end_is_shown(monkeypatch, steps, ends):
    monkeypatch.setattr(kernel, "SOON", 5)
    monkeypatch.setattr(observer, "STEPS", steps)
    monkeypatch.setattr(observer, "KEPT", 20)
    drawn, timeline = explained(program("spinning"))
    assert "livelock in MainThread, Thread-1 (spin)" in drawn
    assert len(timeline.events) == 20
    assert timeline.omitted == 3
    assert re.search(r"\n +\d+ +\. +while going:(\n.*)?   .*[\d,]+ times more\n", drawn)
    assert [event.what for event in timeline.events[-2:]] == [ends, ends]
    assert timeline.text(timeline.events[-1].place) == "while going:"


def test_names_are_printed_as_they_are():
    spec = program("odd_names")
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


def test_the_width_in_a_pipe_is_that_of_columns(monkeypatch):
    for columns, width in (("120", 120), ("", table.WIDTH), ("0", table.WIDTH), ("x", table.WIDTH)):
        monkeypatch.setenv("COLUMNS", columns)
        assert table.piped() == width


def test_a_line_that_the_explanation_names_says_so():
    timeline = flag()
    place = timeline.places[next(e.place for e in timeline.events if e.kind == "write")]
    marked = replace(timeline, decides=frozenset({(0, place)}))
    assert "this decides" in table.text(marked, pipe())
    assert "this decides" not in table.text(timeline, pipe())
