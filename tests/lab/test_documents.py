"""What the documents say is so."""

import ast
import doctest
import importlib
import inspect
import operator
import os
import pkgutil
import re
import runpy
import sys
from pathlib import Path

import pytest

import threadprims
from tests.lab import documents, law_table, specs, tour
from tests.lab.reported import pipe
from tests.libraries import table as bugs
from tests.properties import NAMES
from threadlab.reports import table

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


def test_the_table_of_bugs_is_up_to_date():
    text = bugs.PAGE.read_text(encoding="utf-8")
    assert text == bugs.updated(text), "run: python -m tests.libraries.table"
    for library in bugs.LIBRARIES:
        assert (ROOT / library.scenario.partition(":")[0]).is_file()


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


def test_the_readme_has_two_blocks_of_commands():
    """The second is what CI runs."""
    first, second = re.findall(
        r"^```sh$\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    assert "threadlab explore " in first
    assert second.endswith("\ntox\n")


def words_not_to_use():
    """The left column of the glossary's last table."""
    rows = re.findall(r"^\| (.+) \| .+ \|$", documents.GLOSSARY.partition(documents.WORDS)[2], re.M)
    return [word for row in rows[1:] for word in row.split(", ") if "---" not in word]


def test_no_text_has_a_word_that_the_glossary_advises_against():
    words = words_not_to_use()
    assert "of no version" in words
    pattern = re.compile(rf"\b({'|'.join(words)})\b".replace(" ", r"\s+"), re.IGNORECASE)
    found = [
        f"{path}: {match[0]!r}"
        for path, text in documents.texts()
        for match in pattern.finditer(text)
    ]
    assert found == [], "docs/glossary.md says what to write"


@pytest.mark.once
@pytest.mark.parametrize("name", documents.names())
def test_what_a_document_shows_is_so(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = documents.ROOT / name
    text = documents.done(path, tmp_path)
    if os.environ.get("RENEW"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text("utf-8"), "if that is right: RENEW=1 pytest " + __file__


@pytest.mark.once
@pytest.mark.parametrize("name", tour.names())
def test_the_pictures_and_tables_of_the_tour_are_up_to_date(name, expected):
    timeline = tour.found(name)
    expected(table.text(timeline, pipe()), f"race-{name}.txt")
    picture = tour.PICTURES / f"{name}.svg"
    assert picture.read_text("utf-8") == tour.drawn(timeline), "run: python -m tests.lab.tour"


@pytest.mark.once
def test_the_picture_of_the_readme_is_up_to_date():
    assert tour.ACCOUNT.read_text("utf-8") == tour.drawn_account(), "run: python -m tests.lab.tour"


def test_the_tour_shows_each_race_that_has_a_scenario():
    text = tour.README.read_text("utf-8")
    scenarios = [p.stem for p in tour.FOLDER.glob("*.py") if "\ndef scenario():" in p.read_text()]
    assert sorted(tour.names()) == sorted(scenarios)
    assert len(scenarios) == 6
    for command in ("explore", "play"):
        programs = re.findall(rf"^    threadlab {command} (\S+)$", text, re.MULTILINE)
        assert programs == [f"tests/races/{name}.py:scenario" for name in tour.names()]
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
        "play",
    ],
)
def test_a_room_says_what_is_in_it(room):
    folder = ROOT / "threadlab" / room
    said = re.findall(r"`(\w+)`", (folder / "__init__.py").read_text("utf-8"))
    there = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {name for name in there if not name.startswith("__")} - set(said) == set()
