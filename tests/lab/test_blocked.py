"""Who waits for whom is said in a line; and how much a search that found nothing has seen."""

import pytest

from tests.lab.reported import explained
from threadlab.reports import text
from threadlab.search.explore import explore

PROGRAM = """
import queue
import threading

x, y, event, items = threading.Lock(), threading.Lock(), threading.Event(), queue.Queue()


def both(first, second, last):
    with first:
        last.wait()
        with second:
            pass


def scenario():
"""

WAITS = [
    (
        "other = threading.Barrier(2)\n"
        "    threads = [threading.Thread(target=both, args=(one, two, other), name=name)\n"
        "               for one, two, name in ((x, y, 'A'), (y, x, 'B'))]\n"
        "    for thread in threads: thread.start()\n"
        "    for thread in threads: thread.join()",
        "A holds `first` and waits for `first 2`, which B holds; B holds `first 2` and waits for ",
    ),
    (
        "thread = threading.Thread(target=both, args=(x, y, event), name='A')\n"
        "    with x:\n        thread.start()\n        thread.join()",
        "MainThread holds `x` and waits for the end of A; A waits for `x`, which MainThread holds",
    ),
    (
        "x.acquire()\n    x.acquire()",
        "MainThread holds `x` and waits for `x`, which it holds itself",
    ),
    ("event.wait()", "MainThread waits for `event` to be set; no thread is left that could see to"),
    ("items.get()", "MainThread waits for an item in `items`; no thread is left that could see to"),
]


@pytest.mark.parametrize(("body", "said"), WAITS)
def test_a_deadlock_says_who_waits_for_whom(script, body, said):
    drawn, _ = explained(script(f"{PROGRAM}    {body}\n"))
    assert said in drawn


NOTHING = [
    ("assert True", 300, ["no second thread ever ran: there was nothing to interleave"]),
    (
        "threads = [threading.Thread(target=both, args=(x, y, event)) for _ in range(2)]\n"
        "    event.set()\n"
        "    for thread in threads: thread.start()\n"
        "    for thread in threads: thread.join()",
        30,
        ["distinct schedules, up to 3 threads at once", "--strategy exhaustive"],
    ),
]


@pytest.mark.parametrize(("body", "executions", "said"), NOTHING)
def test_what_was_searched_is_said_if_nothing_was_found(script, body, executions, said):
    result = explore(script(f"{PROGRAM}    {body}\n"), executions=executions)
    lines = list(text.searched(result))
    assert len(lines) == len(said)
    for line, part in zip(lines, said, strict=True):
        assert part in line


def test_only_daemons_left_running_come_with_the_option_for_them(script):
    body = "threading.Thread(target=event.wait, daemon=True).start()"
    assert "--daemons=allow" in explained(script(f"{PROGRAM}    {body}\n"))[0]
    loud = body.replace(", daemon=True", "")
    assert "--daemons=allow" not in explained(script(f"{PROGRAM}    {loud}\n"))[0]
