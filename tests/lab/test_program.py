"""The code under test: how it is named and found, and what of the project gets steps with it."""

import importlib.util
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadlab.errors import ProgramError, SubjectError
from threadlab.program import Program
from threadlab.search.explore import explore
from threadlab.simulation import project, simulation
from threadlab.simulation.policy import is_extension
from threadlab.simulation.project import Project
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject

STOCK = """
class Stock:
    left, sold = 1, 0

    def sell(self):
        if self.left:
            self.left -= 1
            self.sold += 1
"""
TEST = """
import threading
from shop.stock import Stock

def test_sale():
    stock = Stock()
    threads = [threading.Thread(target=stock.sell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stock.sold == 1
"""


def write(folder, *files):
    """Write those: a test, the stock, or an empty file."""
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text({"test_shop.py": TEST, "stock.py": STOCK}.get(path.name, ""))


LAYOUTS = {
    "beside": ["test_shop.py", "shop/__init__.py", "shop/stock.py"],
    "tests": ["tests/test_shop.py", "shop/__init__.py", "shop/stock.py"],
    "tests in a package": [
        *("tests/__init__.py", "tests/test_shop.py", "shop/__init__.py", "shop/stock.py")
    ],
    "tests in a package in a folder": [
        *("tests/unit/__init__.py", "tests/unit/test_shop.py", "shop/__init__.py", "shop/stock.py")
    ],
    "src": ["tests/test_shop.py", "src/shop/__init__.py", "src/shop/stock.py"],
    "src, tests in a package": [
        *("tests/__init__.py", "tests/test_shop.py", "src/shop/__init__.py", "src/shop/stock.py")
    ],
    "inside": [
        *("shop/__init__.py", "shop/stock.py", "shop/tests/__init__.py", "shop/tests/test_shop.py")
    ],
    "inside, src": [
        *("src/shop/__init__.py", "src/shop/stock.py"),
        *("src/shop/tests/__init__.py", "src/shop/tests/test_shop.py"),
    ],
    "namespace": ["tests/test_shop.py", "shop/stock.py"],
}


@pytest.mark.parametrize("where", ["root", "tests", "elsewhere"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_package_of_a_project_is_explored_with_a_test(tmp_path, monkeypatch, layout, where):
    root = tmp_path / "project"
    write(root, "pyproject.toml", *LAYOUTS[layout])
    (file,) = root.rglob("test_shop.py")
    here = {"root": root, "tests": file.parent, "elsewhere": tmp_path}[where]
    monkeypatch.chdir(here)
    named = file if where == "elsewhere" else file.relative_to(here)
    result = explore(f"{named}:test_sale")
    assert result.found
    assert {access.file for race in result.races for access in (race.first, race.second)} == {
        str(next(root.rglob("stock.py")))
    }
    assert "shop" not in sys.modules


class Finder:
    """As installing in place may leave one behind."""

    def __init__(self, file):
        self._file = file

    def find_spec(self, name, path, target=None):
        if name != "shop":
            return None
        folders = [str(self._file.parent)]
        return importlib.util.spec_from_file_location(
            name, self._file, submodule_search_locations=folders
        )


@pytest.mark.parametrize("way", ["path", "finder"])
def test_what_is_installed_in_place_is_of_the_project(tmp_path, monkeypatch, way):
    write(tmp_path, "project/tests/test_shop.py", "other/shop/__init__.py", "other/shop/stock.py")
    if way == "path":
        monkeypatch.syspath_prepend(tmp_path / "other")
    else:
        finder = Finder(tmp_path / "other/shop/__init__.py")
        monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, finder])
    assert explore(f"{tmp_path}/project/tests/test_shop.py:test_sale").found


@pytest.mark.parametrize("own_file", [["lib/shop/__init__.py"], []])
def test_what_is_installed_is_not(tmp_path, monkeypatch, own_file):
    write(tmp_path, "test_shop.py", *own_file, "lib/shop/stock.py")
    monkeypatch.syspath_prepend(tmp_path / "lib")
    foreign = project._foreign()
    monkeypatch.setattr(project, "_foreign", lambda: [*foreign, tmp_path / "lib"])
    spec = f"{tmp_path}/test_shop.py:test_sale"
    assert not explore(spec, executions=500).found
    assert explore(spec, executions=500, include=["shop"]).found
    assert not explore(spec, executions=500, include=["json"]).found
    assert "shop" not in sys.modules


def test_what_is_of_a_project():
    project = Project([], [])
    names = ["threading", "sys", "pytest", "_pytest.config", "hypothesis", "threadlab", "no_such"]
    assert not [name for name in names if name in project]
    assert "tests.lab" in project
    assert "pytest" in Project(["pytest"], [])


def test_a_package_may_have_a_module_in_c(tmp_path):
    specs = [PathFinder.find_spec(name) for name in ("_bisect", "_heapq", "_json")]
    spec = next((spec for spec in specs if spec is not None and is_extension(spec)), None)
    if spec is None:
        pytest.skip("all are built in")
    write(tmp_path, "shop/__init__.py")
    file = Path(spec.origin)
    (tmp_path / "shop" / file.name).write_bytes(file.read_bytes())
    text = f"from shop import {spec.name} as fast\ndef scenario(): assert fast.__file__"
    (tmp_path / "script.py").write_text(text)
    for _ in range(2):
        assert explore(f"{tmp_path}/script.py:scenario").exhausted
    assert f"shop.{spec.name}" not in sys.modules


def test_beside_a_package_stands_what_python_finds_there(tmp_path):
    write(tmp_path, "shop/__init__.py")
    (tmp_path / "shop/beside.py").write_text("")
    (tmp_path / "shop/script.py").write_text("def scenario():\n    import beside")
    with pytest.raises(ModuleNotFoundError):
        explore(f"{tmp_path}/shop/script.py:scenario").check()


@pytest.mark.parametrize("name", ["time", "queue", "rich", "pytest"])
def test_a_folder_of_that_name_is_no_module(tmp_path, name):
    """Python takes a folder without ``__init__.py`` if there is nothing else, and only then."""
    write(tmp_path, f"{name}/other.py")
    (tmp_path / "script.py").write_text(
        f"import {name}\ndef scenario(): assert not hasattr({name}, '__path__') or {name}.__file__"
    )
    assert explore(f"{tmp_path}/script.py:scenario").exhausted


def test_a_file_named_as_what_is_built_in_is_never_imported(tmp_path):
    (tmp_path / "time.py").write_text("assert 0")
    (tmp_path / "script.py").write_text("import time\ndef scenario(): time.sleep(1)")
    assert explore(f"{tmp_path}/script.py:scenario").exhausted


# How it is named


METHODS = """
import functools
from hypothesis import given, strategies as st

seen = []

class Case:
    def __init__(self): self.fresh = True
    def method(self): assert self.fresh; self.fresh = False
    @classmethod
    def of_class(cls): assert cls is Case
    @staticmethod
    def plain(): pass
    class Inner:
        def method(self): pass
    @given(st.none())
    def drawn(self, value=None): assert self.fresh

def wrapping(function):
    @functools.wraps(function)
    def wrapper(): return function(1)
    return wrapper

@wrapping
def wrapped(number): assert number == 1
"""


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        (":Case.method", "Case.method"),
        ("::Case::method", "Case.method"),
        (":Case::of_class", "Case.of_class"),
        (":Case.plain", "Case.plain"),
        (":Case.Inner.method", "Case.Inner.method"),
        ("::Case::drawn", "Case.drawn"),
        ("::wrapped", "wrapped"),
    ],
)
def test_functions_and_methods(script, spec, name):
    file = script(METHODS)[:-9]
    program = Program.parse(file + spec)
    assert str(program) == f"{file}:{name}"
    assert Program.parse(str(program)) == program
    result = explore(program)
    assert (result.found, result.exhausted) == (False, True)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (":Case.no_such", "there is no function no_such"),
        (":Other.method", "there is no class Other"),
        (":seen.method", "there is no class seen"),
        (":Case", "Case is a class; a method of it is"),
        ("::wrapped[1]", "'wrapped[1]' is not the name of a function; give FILE.py:FUNCTION"),
        (":::wrapped", "':wrapped' is not the name of a function; give FILE.py:FUNCTION"),
    ],
)
def test_what_is_not_there(script, spec, message):
    text = METHODS.replace("def __init__(self):", "def __init__(self, needed):")
    with pytest.raises(ProgramError, match=message.replace("[", "\\[")) as caught:
        Program.parse(script(text)[:-9] + spec).load(recording=False)
    assert "\n" not in str(caught.value)


def at_the_top(): ...


class TestMethods:
    def method(self): ...

    @given(st.none())
    def drawn(self, value): ...


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (at_the_top, "at_the_top"),
        (TestMethods.method, "TestMethods.method"),
        (TestMethods().method, "TestMethods.method"),
        (TestMethods.drawn, "TestMethods.drawn"),
    ],
)
def test_a_function_is_known_by_its_name(function, name):
    assert Program.of(function) == Program(__file__, name)


@pytest.mark.parametrize("function", [lambda: 0, lambda: lambda: 0, print])
def test_what_has_no_name_is_refused(function):
    with pytest.raises(ProgramError, match="is neither a function of a module"):
        Program.of(function)


# What is refused


def test_a_refusal_cannot_be_swallowed(script):
    text = """
import os
def call():
    try: os.system("true")
    except BaseException: pass
def scenario(): call()
"""
    with pytest.raises(ProgramError, match=r"os\.system cannot be simulated"):
        explore(script(text))
    with pytest.raises(ProgramError, match=r"os\.system cannot be simulated"):
        explore(script(text + "call()\n", "imported.py"))


def test_an_import_that_fails_is_a_failure(script):
    result = explore(script("def scenario(): import no_such_module"))
    assert result.failure.message == "ModuleNotFoundError: No module named 'no_such_module'"


def test_a_program_may_do_without_a_module(script):
    text = """
    try: import no_such_module as module
    except ImportError: module = None
    def scenario(): assert module is None
    """
    assert explore(script(text)).exhausted


def test_a_build_where_greenlet_crashes_is_one_line(script, monkeypatch):
    build = {"Py_GIL_DISABLED": 1}
    monkeypatch.setattr(simulation, "sys", SimpleNamespace(version_info=(3, 13, 9)))
    monkeypatch.setattr(simulation, "sysconfig", SimpleNamespace(get_config_var=build.get))
    spec = script("def scenario(): pass", "of_a_build.py")
    line = r"^.*: greenlet crashes on Python 3\.13t.*\Z"
    with pytest.raises(ProgramError, match=line):
        explore(spec)
    with pytest.raises(SubjectError, match=line):
        SimulatedWorld(Subject.load(spec.rpartition(":")[0], ["scenario"]))
