"""The closed world: what a program imports there, however it does, and what the process keeps."""

import sys
import textwrap

import pytest

from tests.lab.specs import PROGRAMS
from threadlab.program import Program
from threadlab.search.explore import explore
from threadlab.simulation import policy
from threadlab.simulation.modules import FAKES
from threadlab.simulation.project import Project
from threadlab.simulation.simulation import Simulation
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject


@pytest.fixture
def world(tmp_path):
    return Simulation(Project([], [str(tmp_path)]))


@pytest.fixture
def project(tmp_path):
    """Writes files of a project, by their names; the one that is last has the scenario."""

    def write(files=(), **more):
        for name, text in {**dict(files), **more}.items():
            path = tmp_path / f"{name}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(textwrap.dedent(text), "utf-8")
        return f"{path}:scenario"

    return write


def passes(spec):
    result = explore(spec, executions=20, races="off")
    result.check()
    return result


# The rule


@pytest.mark.parametrize("name", ["threading", "os", "functools", "logging", "queue", "random"])
def test_what_leads_to_a_fake_comes_from_source(world, name):
    module = world.load(name)
    assert module is not sys.modules.get(name)
    assert module in world.importer.from_source()
    assert not policy.is_shared(name)


@pytest.mark.parametrize("name", ["abc", "bisect", "copy", "types", "numbers", "operator", "math"])
def test_what_leads_to_none_is_the_processs_own(world, name):
    assert world.load(name) is sys.modules[name]
    assert policy.is_shared(name)


@pytest.mark.parametrize("name", ["pytest", "hypothesis", "threadlab", "greenlet"])
def test_so_is_the_laboratory(world, name):
    assert world.load(name) is sys.modules[name]


@pytest.mark.parametrize("name", sorted(FAKES))
def test_a_fake_stands_for_its_module(world, name):
    module = world.load(name)
    assert module.__name__ == name
    assert module is not sys.modules.get(name)


@pytest.mark.parametrize("name", sorted(policy.ABSENT))
def test_what_is_absent_cannot_be_imported(world, name):
    with pytest.raises(ModuleNotFoundError):
        world.load(name)


def test_nothing_from_source_holds_anything_that_a_fake_stands_for(world):
    """Whatever there is in the modules that most programs stand on, it is of the world."""
    for name in ("logging.handlers", "concurrent.futures.thread", "sched", "tempfile", "unittest"):
        world.load(name)
    ours = {id(world.load(name)) for name in FAKES}
    theirs = {id(sys.modules[name]) for name in FAKES if name in sys.modules}
    held = {id(value) for module in world.importer.from_source() for value in vars(module).values()}
    assert held & ours
    assert not held & theirs


# However it is imported


def test_by_importlib_and_sys_modules(project):
    passes(
        project(
            script="""
            import importlib
            import sys
            import threading

            dynamic = importlib.import_module("threading")

            def scenario():
                assert dynamic is threading is sys.modules["threading"]
                assert importlib.import_module("time") is sys.modules["time"]
                assert sys.modules[__name__].scenario is scenario
                assert __import__("threading") is threading
            """
        )
    )


def test_by_name_and_by_c_code(project):
    passes(
        project(
            script="""
            from __future__ import annotations

            import pickle
            import time
            from dataclasses import dataclass
            from typing import ClassVar, get_type_hints
            from unittest import mock

            @dataclass
            class Order:
                number: int
                seen: ClassVar[list[int]] = []

            def scenario():
                assert pickle.loads(pickle.dumps(Order(1))) == Order(1)
                assert get_type_hints(Order)["number"] is int
                with mock.patch("time.sleep") as sleep:
                    time.sleep(3600)
                sleep.assert_called_once_with(3600)
                before = time.monotonic()
                time.sleep(1)
                assert time.monotonic() == before + 1
                assert time.strptime("2026", "%Y").tm_year == 2026
            """
        )
    )


def test_namespaces_data_and_what_is_in_a_package(project, tmp_path):
    (tmp_path / "space" / "inner").mkdir(parents=True)
    (tmp_path / "space" / "inner" / "thing.py").write_text(
        "import threading\nLOCK = threading.Lock()"
    )
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "prices.txt").write_text("7")
    passes(
        project(
            {
                "shop/__init__": "",
                "shop/stock": "from .item import Item",
                "shop/item": "class Item: pass",
            },
            script="""
            import importlib.resources
            import pkgutil
            import threading

            import shop
            from shop import stock
            from space.inner import thing

            def scenario():
                assert type(thing.LOCK) is type(threading.Lock())
                assert [m.name for m in pkgutil.iter_modules(shop.__path__)] == ["item", "stock"]
                assert stock.Item.__module__ == "shop.item"
                assert pkgutil.get_data("shop", "prices.txt") == b"7"
                assert (importlib.resources.files(shop) / "prices.txt").read_text() == "7"
            """,
        )
    )


def test_by_a_finder_of_the_programs_own(project):
    """As six has one for its moves."""
    before = list(sys.meta_path)
    passes(
        project(
            script="""
            import importlib.machinery
            import sys
            import types

            class Moves:
                def find_spec(self, name, path=None, target=None):
                    if name == "moved":
                        return importlib.machinery.ModuleSpec(name, self)
                def create_module(self, spec):
                    return types.ModuleType("moved")
                def exec_module(self, module):
                    module.answer = 42

            sys.meta_path.append(Moves())
            import moved

            def scenario():
                assert moved.answer == 42
            """
        )
    )
    assert sys.meta_path == before
    assert "moved" not in sys.modules


def test_what_an_execution_imports_it_imports_each_time_anew(project):
    result = passes(
        project(
            late="import helper\nhelper.loaded.append(__name__)",
            helper="loaded = []",
            script="""
            import helper

            def scenario():
                before = len(helper.loaded)
                import late
                assert len(helper.loaded) == before + 1
                import late
                assert len(helper.loaded) == before + 1
            """,
        )
    )
    assert result.executions > 0


# The process


def test_the_process_has_its_modules_back(project):
    modules, path, meta_path = dict(sys.modules), sys.path, sys.meta_path
    spec = project(
        other="import queue",
        script="""
        import sys
        import threading

        def scenario():
            import other
            sys.path.append("nowhere")
            sys.modules["invented"] = threading
            raise ValueError
        """,
    )
    assert explore(spec).found
    assert sys.path is path
    assert sys.meta_path is meta_path
    assert "nowhere" not in path
    assert not {"other", "invented", "script"} & set(sys.modules)
    assert {name: sys.modules[name] for name in modules} == modules


def test_two_worlds_have_nothing_in_common():
    program = Program.parse(str(PROGRAMS / "in_time.py") + ":work")
    (one, _), (other, _) = (program.load(recording=False) for _ in range(2))
    for name in ("threading", "time", "queue", "in_time"):
        assert one.importer.modules[name] is not other.importer.modules[name]


def test_a_package_is_loaded_with_its_siblings(tmp_path):
    package = tmp_path / "sim_package"
    package.mkdir()
    (package / "__init__.py").write_text("from .parts import Thing\nfrom . import other")
    (package / "parts.py").write_text("import threading\nclass Thing:\n    lock = threading.Lock")
    (package / "other.py").write_text("from sim_package.parts import Thing as Same")
    world = SimulatedWorld(Subject.load(str(package), ["Thing"]))
    assert world.subject.Thing.lock is world.threading.Lock
    assert world.subject.other.Same is world.subject.Thing


def test_futures_queues_and_schedulers():
    world = SimulatedWorld(Subject.load(str(PROGRAMS / "in_time.py"), ["work"]))
    assert world.execute(world.subject.work) == ["sooner", 1, "later", 2, 1]


def test_what_is_in_a_package_of_the_process_is_that_of_the_world_at_hand():
    """`http` is shared, and `http.client` is not."""

    def given():
        from http import client

        return client

    here = given()
    one, two = (Simulation(Project([], [])) for _ in range(2))
    first, second = one.load("http.client"), two.load("http.client")
    assert len({here, first, second}) == 3
    for simulation, module in [(one, first), (two, second), (one, first)]:
        assert simulation.execute(given) is module
        assert given() is here
