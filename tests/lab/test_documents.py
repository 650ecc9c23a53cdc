"""What the documents say is so."""

import ast
import doctest
import importlib
import inspect
import operator
import pkgutil
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import threadprims
from tests.lab import law_table, specs, tour
from tests.properties import NAMES
from threadlab.cli import main

ROOT = Path(__file__).parents[2]


def interfaces():
    """What the contract calls ``name(parameters)`` in a heading, and the methods listed below."""
    sections = (ROOT / "tests" / "contract.md").read_text(encoding="utf-8").split("\n## ")[1:]
    for heading, below in (section.split("\n\n")[:2] for section in sections):
        for name, parameters in re.findall(r"`(\w+)\((.*?)\)", heading):
            yield name, parameters
            methods = below if below.startswith("`") else ""
            for method, its_own in re.findall(r"`(\w+)\((.*?)\)", methods):
                yield f"{name}.{method}", ", ".join(filter(None, ["self", its_own]))


@pytest.mark.parametrize(("name", "parameters"), list(interfaces()))
def test_the_interfaces_are_those_of_the_contract(name, parameters):
    scope = {}
    exec(f"def function({parameters}): pass", scope)
    thing = operator.attrgetter(name)(threadprims)
    actual = inspect.signature(thing).parameters.values()
    assert [p.replace(annotation=p.empty) for p in actual] == list(
        inspect.signature(scope["function"]).parameters.values()
    )


def test_the_table_of_laws_is_up_to_date():
    text = law_table.README.read_text(encoding="utf-8")
    assert text == law_table.updated(text), "run: python -m tests.lab.law_table"


def test_every_law_has_a_property():
    assert {law for law, _test, _worlds in law_table.rows()} == set(law_table.LAWS)


def test_every_property_is_named_by_its_law():
    for path in (ROOT / "tests" / "properties").glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert law_table.laws.of_test(node.name) in law_table.LAWS, (path, node.name)


@pytest.mark.parametrize(
    "module", ["threadprims", *(m.name for m in pkgutil.iter_modules(threadprims.__path__))]
)
def test_examples(module):
    if module != "threadprims":
        module = f"threadprims.{module}"
    assert doctest.testmod(importlib.import_module(module)).failed == 0


@pytest.mark.parametrize("name", [n for n in threadprims.__all__ if n != "TimerStopped"])
def test_every_public_thing_has_an_example(name):
    assert ">>> " in getattr(threadprims, name).__doc__


def test_the_laboratory_knows_no_primitive_by_name():
    for path in (ROOT / "threadlab").rglob("*.py"):
        words = set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
        # words of English, and of threading's own
        assert words & set(NAMES) <= {"start", "running"}, path


def test_the_readme_begins_with_two_blocks_of_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    quick_start = text.split("\n## ")[3]
    assert quick_start.startswith("Quick start in a clone\n")
    assert len(re.findall(r"^```sh$", quick_start, re.MULTILINE)) == 2
    assert text.count("```sh\n") == 2


@pytest.fixture
def account(tmp_path, monkeypatch):
    """The project of the README, as the present folder, and what is said of it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    test, given = re.findall(
        r"```python\n((?:# test_account|from hypothesis).*?)```", text, re.DOTALL
    )
    (tmp_path / "test_account.py").write_text(test)
    (tmp_path / "test_given.py").write_text(f"{test}\n{given}".replace("test_account.py", "both"))
    monkeypatch.chdir(tmp_path)
    return text


def run_pytest(*arguments):
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120).stdout


def quoted(text, first):
    """The block of the README that begins with ``first``, without its margin."""
    (block,) = re.findall(rf"\n((?:    {re.escape(first)}.*\n)(?:(?:    .*)?\n)*)", text)
    return "\n".join(line.removeprefix("    ").rstrip() for line in block.rstrip().splitlines())


def test_a_test_of_the_readme_fails_as_it_says(account):
    shown = run_pytest("test_account.py")
    lines = [line.rstrip() for line in shown.splitlines() if not re.fullmatch(r" +\^+", line)]
    said = quoted(account, ">       assert account.balance == 3").splitlines()
    begin = lines.index(said[0])
    assert lines[begin : begin + len(said)] == said


@pytest.mark.once
def test_the_data_of_the_readme_shrinks_with_the_schedule(account):
    shown = run_pytest("test_given.py", "--hypothesis-seed=0", "-k", "not test_account")
    assert "E           amounts=[1, 1],\n" in shown
    assert "E       under the schedule 11.1,12+1.1\n" in shown


def test_the_readmes_test_is_explored_as_it_says(account, capsys):
    said = quoted(account, "found: after")
    assert main(["explore", "test_account.py:test_no_deposit_is_lost"]) == 1
    printed = re.sub(r"in \d+\.\d\d s", "in 0.00 s", capsys.readouterr().out)
    before, after = said.split("\n  ...\n")
    assert printed.startswith(before + "\n")
    assert printed.endswith(after + "\n")


def test_each_lock_of_the_page_is_left_out_as_it_says(tmp_path, monkeypatch, capsys):
    text = (ROOT / "docs" / "how-to.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n# box.py\n(.*?)```", text, re.DOTALL)
    (tmp_path / "box.py").write_text(f"# box.py\n{code}")
    monkeypatch.chdir(tmp_path)
    command, said = quoted(text, "threadlab mutate box.py").split("\n\n")
    assert main(shlex.split(command)[1:]) == 1
    assert capsys.readouterr().out == said + "\n"


@pytest.fixture
def tickets(tmp_path, monkeypatch):
    """The files of the page on objects, in the present folder, and the page."""
    text = (ROOT / "docs" / "objects.md").read_text(encoding="utf-8")
    for name, code in re.findall(r"```python\n# (\w+\.py)\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(code)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield text
    for module in ("tickets", "unlocked", "test_tickets", "pool", "test_pool"):
        sys.modules.pop(module, None)


def said_by(capsys, *arguments):
    main(arguments)
    printed = re.sub(r"in \d+\.\d\d s", "in 0.00 s", capsys.readouterr().out)
    return "\n".join(map(str.rstrip, printed.splitlines()))


@pytest.mark.once
def test_the_object_of_the_page_is_not_linearizable(tickets, capsys):
    printed = said_by(capsys, "check", "test_tickets.py:OnTickets")
    assert printed.startswith(quoted(tickets, "found, and made small"))
    assert printed.endswith(quoted(tickets, "Again: threadlab check"))


LOCKED = """\
import threading
import unlocked


class Tickets(unlocked.Tickets):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def take(self):
        with self._lock:
            return super().take()

    def give_back(self, number):
        with self._lock:
            super().give_back(number)
"""


@pytest.mark.once
def test_with_a_lock_it_is(tickets, capsys):
    Path("tickets.py").rename("unlocked.py")
    Path("tickets.py").write_text(LOCKED)
    command, printed = quoted(tickets, "threadlab check test_tickets.py").split("\n\n")
    said = said_by(capsys, *shlex.split(command)[1:])
    assert re.sub(r"\d+ executions", "", said) == re.sub(r"\d+ executions", "", printed)
    assert said_by(capsys, "check", "test_tickets.py:OnTickets").startswith("nothing found: 500")


POOL = """\
import threading


class Connection:
    pass


class Pool:
    def __init__(self, most):
        self._changed = threading.Condition()
        self._idle = [Connection() for _ in range(most)]
        self._taken = set()

    def take(self):
        with self._changed:
            self._changed.wait_for(lambda: self._idle)
            connection = self._idle.pop()
            self._taken.add(connection)
            return connection

    def give_back(self, connection):
        with self._changed:
            self._taken.remove(connection)
            self._idle.append(connection)
            self._changed.notify()

    open = property(lambda self: self.idle + self.taken)
    idle = property(lambda self: len(self._idle))
    taken = property(lambda self: len(self._taken))
"""


@pytest.mark.once
def test_the_long_form_of_the_page(tickets, capsys):
    Path("pool.py").write_text(POOL)
    assert said_by(capsys, "check", "test_pool.py:TestPool").startswith("nothing found: 500")
    Path("pool.py").write_text(POOL.replace("self._taken.remove(connection)", "pass"))
    for module in ("pool", "test_pool"):
        del sys.modules[module]
    assert "AssertionError" in said_by(capsys, "check", "test_pool.py:OnPool")  # what is final


@pytest.mark.once
@pytest.mark.parametrize("name", tour.names())
def test_the_pictures_of_the_tour_are_up_to_date(name):
    picture = tour.PICTURES / f"{name}.svg"
    assert picture.read_text("utf-8") == tour.drawn(name), "run: python -m tests.lab.tour"


def test_the_tour_shows_each_race_that_has_a_scenario():
    text = tour.README.read_text("utf-8")
    scenarios = [p.stem for p in tour.FOLDER.glob("*.py") if "\ndef scenario():" in p.read_text()]
    assert sorted(tour.names()) == sorted(scenarios)
    assert len(scenarios) == 6
    commands = re.findall(r"^    threadlab explore (\S+)$", text, re.MULTILINE)
    assert commands == [f"tests/races/{name}.py:scenario" for name in tour.names()]
    assert sorted(path.stem for path in tour.PICTURES.iterdir()) == sorted(scenarios)


@pytest.mark.parametrize("name", specs.CONSTRUCTS)
def test_each_construct_runs_by_itself(name, monkeypatch):
    """What is sound, that is; what is broken may hang."""
    folder = specs.PROGRAMS / "constructs"
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(sys, "argv", [name])
    before = set(sys.modules)
    try:
        names = runpy.run_path(str(folder / f"{name}.py"), run_name="__main__")
    finally:
        for module in {"_parts", "_beside"} - before:
            sys.modules.pop(module, None)
    assert {"broken", "sound"} <= names.keys()
    assert names["__doc__"].count("\n") == 0


def test_where_things_stand_is_where_they_stand():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Where things stand")[2]
    files = re.findall(r"`(threadlab/[^`]+)`", text)
    assert len(files) > 20
    assert [file for file in files if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize(
    "room",
    [
        "search",
        "simulation",
        "simulation/instrument",
        "simulation/recording",
        "reports",
        "worlds",
        "oracle",
    ],
)
def test_a_room_says_what_is_in_it(room):
    folder = ROOT / "threadlab" / room
    said = re.findall(r"`(\w+)`", (folder / "__init__.py").read_text("utf-8"))
    there = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {name for name in there if not name.startswith("__")} - set(said) == set()
