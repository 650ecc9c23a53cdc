"""The yardstick measures: its bugs are there to be found, and in what is fixed there are none."""

import ast
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.benchmarks import bugs, published
from tests.benchmarks.yardstick import safestack
from tests.benchmarks.yardstick.atomic import Atomic
from tests.benchmarks.yardstick.programs import FOLDER, HARD, PROGRAMS, SLOW
from threadlab.search.explore import explore

pytestmark = pytest.mark.once

ORDER = [0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 0, 0, 0, 0, 0, 2, 2, 2, 2, 1, 0, 1, 1]
ORDER += [2, 0, 2, 2, 2, 0, 2, 2, 2, 2, 2, 2, 2, 1]
"""Whose turn it is to make one operation on a SafeStack, until an assertion of thread 1 fails."""


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name not in SLOW | {HARD}])
def test_the_default_finds_each_bug(name):
    result = explore(PROGRAMS[name].spec, executions=10_000, small=False)
    assert result.found
    assert 1 <= result.executions <= 10_000


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_is_said_of_what_is_fixed(name):
    executions = 5 if name in SLOW else 20
    result = explore(PROGRAMS[name].sound_spec, executions=executions, races="report")
    assert not result.found
    assert not result.races


class Turns:
    """Lets threads make an operation each in a given order, and afterwards as they come."""

    def __init__(self, order):
        self.left = order[::-1]
        self.changed = threading.Condition()

    @contextmanager
    def one(self):
        me = int(threading.current_thread().name)
        with self.changed:
            come = self.changed.wait_for(lambda: not self.left or self.left[-1] == me, timeout=60)
            assert come, f"the turn of {me} never came"
            yield
            if self.left:
                self.left.pop()
            self.changed.notify_all()


class InTurn(Atomic):
    def __init__(self, value, turns):
        super().__init__(value)
        self.turns = turns

    def load(self):
        with self.turns.one():
            return super().load()

    def exchange(self, new):
        with self.turns.one():
            return super().exchange(new)

    def compare_exchange(self, expected, new):
        with self.turns.one():
            return super().compare_exchange(expected, new)

    def add(self, number):
        with self.turns.one():
            super().add(number)


class ListInTurn(list):
    def __init__(self, values, turns):
        super().__init__(values)
        self.turns = turns

    def __getitem__(self, index):
        with self.turns.one():
            return super().__getitem__(index)

    def __setitem__(self, index, value):
        with self.turns.one():
            super().__setitem__(index, value)


def test_the_bug_of_safestack_is_there_in_a_known_order_of_operations():
    turns = Turns(ORDER)
    stack = safestack.Stack()
    stack.head = InTurn(stack.head.value, turns)
    stack.count = InTurn(stack.count.value, turns)
    stack.next = [InTurn(cell.value, turns) for cell in stack.next]
    stack.value = ListInTurn(stack.value, turns)
    failed = {}

    def work(number):
        try:
            safestack.work(number, stack)
        except AssertionError as error:
            failed[number] = str(error)

    numbers = range(safestack.THREADS)
    threads = [threading.Thread(target=work, args=(n,), name=str(n)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not turns.left
    assert 1 in failed
    assert not any("never came" in message for message in failed.values())


def test_the_programs_use_nothing_but_threading():
    ours = {f"tests.benchmarks.yardstick.{name}" for name in ("atomic", "parts")}
    allowed = {"threading", "functools", "collections.abc"} | ours
    for path in {program.file for program in PROGRAMS.values()}:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= allowed, path
            elif isinstance(node, ast.ImportFrom):
                assert node.module in allowed, path


def test_every_program_is_measured():
    files = {path.name for path in Path(FOLDER).glob("*.py")}
    assert files == {program.file.name for program in PROGRAMS.values()} | {
        "__init__.py",
        "atomic.py",
        "parts.py",
        "programs.py",
    }


def test_the_benchmark_says_what_was_found(monkeypatch, capsys):
    monkeypatch.setattr(bugs, "SOUND_EXECUTIONS", 50)
    with pytest.raises(SystemExit) as caught:
        bugs.main(["--programs=stack,sync01", "--seeds=2", "--skip-peers"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert "all 2 programs" in printed
    assert "missed by ours, portfolio: none" in printed
    assert "flagged of 2 fixed programs, 50 executions of each: none" in printed


@pytest.fixture
def few_executions(monkeypatch):
    monkeypatch.setattr(bugs, "EXECUTIONS", 5)
    monkeypatch.setattr(bugs, "SOUND_EXECUTIONS", 5)


def test_what_finds_nothing_with_three_seeds_is_not_run_with_the_others(few_executions):
    row = bugs.ours(PROGRAMS[HARD].spec, "random", 10)
    assert row.found == 0
    assert len(row.searches) == 3


@pytest.mark.parametrize(("name", "code"), [(HARD, 0), ("reorder_10", 1)])
def test_the_hard_one_may_be_missed_and_no_other(name, code, few_executions, capsys):
    with pytest.raises(SystemExit) as caught:
        bugs.main([f"--programs={name}", "--strategies=portfolio", "--seeds=1", "--skip-peers"])
    assert caught.value.code == code
    assert f"missed by ours, portfolio: {name}" in capsys.readouterr().out


def test_the_published_figures_stand_beside_ours(few_executions, capsys):
    bugs.main(["--published", "--programs=safestack", "--strategies=random", "--seeds=1"])
    head, row = [line.split() for line in capsys.readouterr().out.splitlines()[-2:]]
    assert head == ["executions", "SURW", "PCT", "RFF", "random"]
    assert row == ["safestack", "204,071", "none", "none"]


def test_what_is_published_is_of_programs_that_are_there():
    assert published.EXECUTIONS.keys() <= PROGRAMS.keys()


def test_a_strategy_that_is_not_there_is_refused(capsys):
    with pytest.raises(SystemExit) as caught:
        bugs.main(["--strategies=guess"])
    assert caught.value.code == 2
    assert "no strategy 'guess'; there are portfolio, random" in capsys.readouterr().err
