"""The yardstick measures: its bugs are there to be found, and in what is mended there are none."""

import ast
from pathlib import Path

import pytest

from tests.benchmarks import bugs
from tests.benchmarks.yardstick.programs import FOLDER, PROGRAMS
from threadlab.search.explore import explore

pytestmark = pytest.mark.once


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_default_finds_each_bug(name, seed):
    result = explore(PROGRAMS[name].spec, executions=10_000, seed=seed, small=False)
    assert result.found
    assert 1 <= result.executions <= 10_000


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_is_said_of_what_is_mended(name):
    result = explore(PROGRAMS[name].sound_spec, executions=100, races="report")
    assert not result.found
    assert not result.races


def test_the_programs_use_nothing_but_threading():
    allowed = {"threading", "functools", "tests.benchmarks.yardstick.parts"}
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
        "parts.py",
        "programs.py",
    }


def test_the_benchmark_says_what_was_found(capsys):
    with pytest.raises(SystemExit) as caught:
        bugs.main(["--programs=stack,sync01", "--seeds=2", "--skip-peers"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert "all 2 programs" in printed
    assert "missed by ours, portfolio: none" in printed
    assert "flagged of 2 mended programs, 2,000 executions of each: none" in printed
