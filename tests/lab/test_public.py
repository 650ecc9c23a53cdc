"""The public interface: what it is, that its examples run, and what it costs to import it."""

import ast
import doctest
import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import threadlab
import threadprims

ROOT = Path(__file__).parents[2]
PUBLIC = [name for name in threadlab.__all__ if name != "__version__"]
HEAVY = {"greenlet", "hypothesis", "rich", "pytest", "threadprims"}


def loaded_by(code):
    """The modules that ``code`` loads in an interpreter of its own."""
    program = f"import json, sys\nbefore = set(sys.modules)\n{code}\n"
    program += "print(json.dumps(sorted(set(sys.modules) - before)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=ROOT)
    return set(json.loads(run.stdout))


def test_what_is_public():
    assert threadlab.__all__ == sorted(threadlab.__all__)
    assert dir(threadlab) == threadlab.__all__
    assert {name for name in PUBLIC if not inspect.getdoc(getattr(threadlab, name))} == set()
    assert {getattr(threadlab, name).__name__ for name in PUBLIC} == set(PUBLIC)
    with pytest.raises(AttributeError, match="'threadlab' has no attribute 'exploer'"):
        threadlab.exploer  # noqa: B018  # to see it raise


def test_a_type_checker_is_told_of_all_that_is_public():
    tree = ast.parse(Path(threadlab.__file__).read_text("utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    homes = {name.name: node.module for node in block.body for name in node.names}
    assert homes == {name: f"threadlab.{home}" for name, home in threadlab._HOME.items()}
    assert sorted(homes) == PUBLIC


def test_the_errors_have_one_root():
    errors = [getattr(threadlab, name) for name in PUBLIC if name in threadlab._HOMES["errors"]]
    assert all(issubclass(error, threadlab.ThreadlabError) for error in errors)


def test_one_number_for_both_packages():
    assert threadlab.__version__ == threadprims.__version__


@pytest.mark.parametrize("name", [None, *PUBLIC])
def test_the_examples_of_the_documentation_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    thing = threadlab if name is None else getattr(threadlab, name)
    module = sys.modules[getattr(thing, "__module__", "threadlab")]
    found = doctest.DocTestFinder().find(thing, name or "threadlab", globs=dict(vars(module)))
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    said = []
    for test in found:
        runner.run(test, out=said.append)
    assert runner.failures == 0, "".join(said)
    if name in (None, "Schedule", "interleaved", "leak_guard", "watchdog"):
        assert runner.tries > 0


def test_importing_it_loads_nothing_of_it():
    assert {name for name in loaded_by("import threadlab") if "thread" in name} == {"threadlab"}


def test_the_plugin_loads_pytest_alone():
    more = loaded_by("import threadlab.plugin") - loaded_by("import pytest")
    assert more == {"threadlab", "threadlab.plugin"}


def test_the_primitives_load_nothing_of_it():
    assert not {name for name in loaded_by("import threadprims") if name.startswith("threadlab")}


@pytest.mark.parametrize("names", ["leak_guard, watchdog", "Schedule", "Hang", "interleaved"])
def test_what_needs_no_simulation_loads_none(names):
    assert not loaded_by(f"from threadlab import {names}") & HEAVY


def imported(path):
    """What the file at ``path`` imports, wherever in it: modules, and names of `threadlab`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            if node.module == "threadlab":
                yield from (f"threadlab:{alias.name}" for alias in node.names)


def test_the_suite_uses_it_as_a_stranger_would():
    files = [ROOT / "conftest.py", *(ROOT / "tests").rglob("*.py")]
    strangers = [path for path in files if ROOT / "tests" / "lab" not in path.parents]
    allowed = {"threadlab", *(f"threadlab:{name}" for name in threadlab.__all__)}
    private = [
        (str(path.relative_to(ROOT)), name)
        for path in strangers
        for name in imported(path)
        if name.startswith("threadlab") and name not in allowed
    ]
    assert private == []


def test_the_arrows_point_down():
    up = [
        (path.name, name)
        for path in Path(threadlab.__file__).parent.rglob("*.py")
        for name in imported(path)
        if name.partition(".")[0] in ("tests", "threadprims", "conftest")
    ]
    assert up == []
