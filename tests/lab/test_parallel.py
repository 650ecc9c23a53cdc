"""A search in several processes: it finds what one would, and nothing of it outlives its end."""

import bisect
import itertools
import math
import os
import pty
import re
import signal
import subprocess
import sys

import pytest

from tests.lab.searching import COUNTER, ROOT, SOUND, without_seconds
from threadlab import cli
from threadlab.errors import ProgramError
from threadlab.program import Program
from threadlab.search import executions, parallel, watch
from threadlab.search.explore import explore

pytestmark = pytest.mark.once

RARE = """
import threading

class Box:
    number = 0

def scenario():
    box = Box()

    def work():
        for _ in range(3):
            number = box.number
            box.number = number + 1

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.number > 2
"""


@pytest.fixture
def soon(monkeypatch):
    """The search is split soon, and its processes are forked, which know that, too."""
    monkeypatch.setattr(executions, "OPENING", 2)
    monkeypatch.setattr(parallel, "forks", lambda: True)


def told(spec, jobs, **options):
    result = explore(spec, jobs=jobs, **options)
    return {**without_seconds(result), "distinct": result.distinct}


@pytest.mark.parametrize("jobs", [2, 5])
def test_it_finds_what_one_process_finds(soon, jobs):
    options = {"strategy": "random", "seed": 1}
    one = told(COUNTER, 1, **options)
    assert one["executions"] > executions.OPENING
    assert told(COUNTER, jobs, **options) == one


def test_it_does_where_no_process_can_be_forked(script, monkeypatch):
    monkeypatch.setattr(parallel, "forks", lambda: False)
    spec = script(RARE)
    options = {"strategy": "random", "seed": 0, "small": False, "races": "off"}
    one = told(spec, 1, **options)
    assert one["executions"] > executions.OPENING
    assert told(spec, 2, **options) == one


@pytest.mark.parametrize("strategy", ["random", "bounded", "pct", "pos", "feedback", "portfolio"])
def test_what_is_made_does_not_depend_on_how_many_make_it(soon, strategy):
    options = {"strategy": strategy, "bound": 4, "executions": 200}
    one = told(SOUND, 1, **options)
    assert told(SOUND, 2, **options) == one
    if strategy == "bounded":
        assert one["distinct"] == one["executions"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_lanes_together_are_the_whole(soon, monkeypatch, jobs):
    options = {"strategy": "bounded", "bound": 3}
    lanes = told(SOUND, jobs, **options)
    monkeypatch.setattr(executions, "OPENING", 10_000)
    whole = told(SOUND, 1, **options)
    assert lanes["exhausted"]
    assert lanes["distinct"] == lanes["executions"] == whole["executions"] > 50


def test_all_failures_are_the_same_as_well(soon, script):
    options = {"seed": 1, "all": True, "races": "error", "executions": 60, "small": False}
    one = told(script(RARE), 1, **options)
    assert told(script(RARE), 2, **options) == one
    assert {case["kind"] for case in one["failures"]} == {"race"}


@pytest.mark.parametrize("strategy", ["random", "bounded"])
def test_no_lane_waits_for_another_to_learn(soon, strategy):
    """Its executions are the same if it has them to itself."""
    setup = executions.Setup(Program.parse(SOUND), strategy, 7, 3, math.inf, "off")

    def lane(made_before):
        made = executions.Executions(setup)
        made.begin()
        for _ in made.opening():
            pass
        for other in made_before:
            made.take(other)
        return [made.take(1) for _ in range(20)]

    assert lane(range(2, 24)) == lane([])


# How it ends


def test_a_process_that_dies_is_told_in_one_line(soon, monkeypatch):
    def dies(self, lane):
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(executions.Executions, "take", dies)
    with pytest.raises(ProgramError, match="a process of the search has ended before it, by SIGKI"):
        explore(SOUND, jobs=2)


def test_a_defect_of_ours_is_no_result(soon, monkeypatch):
    def fails(self, lane):
        raise LookupError(lane)

    monkeypatch.setattr(executions.Executions, "take", fails)
    with pytest.raises(RuntimeError, match="LookupError: 0"):
        explore(SOUND, jobs=2)


COUNTED = """
import bisect  # which is the process's own
import itertools

count = vars(bisect).setdefault("count", itertools.count())

def scenario():
    if next(bisect.count) >= 10:
        {then}
"""


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("exec('while True: pass')", "never ends: 0.5 s without a step"),
        ("import os; os.fork()", "os.fork cannot be simulated"),
        ("count", "the same schedule went two ways"),
    ],
)
def test_what_cannot_be_explored_is_told_by_each(soon, script, monkeypatch, then, said):
    monkeypatch.setattr(watch, "SILENT", 0.5)
    monkeypatch.setattr(bisect, "count", itertools.count(), raising=False)
    spec = script(COUNTED.format(then=then))
    with pytest.raises(ProgramError, match=said):
        explore(spec, strategy="random", executions=40, jobs=2)


def test_seconds_bound_it(soon):
    result = explore(SOUND, executions=10**9, seconds=0.5, jobs=2)
    assert not result.found
    assert 0.5 <= result.seconds < 5


@pytest.mark.parametrize("how", ["of the command", "of all", "killed"])
def test_nothing_outlives_it(how):
    """The pipe ends when the last process has that has it."""
    lives, alive = os.pipe()
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "threadlab", "explore", SOUND, "-j2", "--executions=100000000"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=theirs,
        start_new_session=True,
        pass_fds=[alive],
    )
    os.close(alive)
    os.close(theirs)
    shown = ""
    while int("0" + shown.rpartition(": ")[2].partition(" ")[0].replace(",", "")) < 200:
        shown = os.read(mine, 10_000).decode()
    if how == "of all":
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.send_signal(signal.SIGINT if how == "of the command" else signal.SIGKILL)
    assert os.read(lives, 1) == b""
    assert process.communicate()[0] == b""
    if how != "killed":
        assert process.returncode == cli.INTERRUPTED
        shown = shown + os.read(mine, 10_000).decode()
        last = r"threadlab explore: ended by Ctrl-C after [\d,]+ executions in .* so far\r\n"
        assert re.fullmatch(last, shown.rpartition("\x1b[K")[2])
    os.close(lives)
    os.close(mine)
