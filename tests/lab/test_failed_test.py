"""What pytest shows of an execution that failed."""

import os
import re
import shlex
import subprocess
import sys

import pytest

from tests.lab.reported import ROOT
from threadlab.reports import failed_test

pytestmark = pytest.mark.once

PROPERTIES = "tests/properties/test_periodic_timer.py"


P2 = f"{PROPERTIES}::test_P2_each_thread_gets_consecutive_ticks[simulated]"


P2_FIRST = f"{PROPERTIES}::test_P2_the_first_is_the_first_to_fall_after_the_call[simulated]"


def run_pytest(folder, *arguments):
    """Exit status, failed tests, output. Hypothesis is to find the same each time."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "--hypothesis-seed=0",
            *("--tb=long", "-rf", f"--verdict-folder={folder}/said"),
            *arguments,
        ],
        cwd=ROOT,
        env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(folder), "PYTHONPATH": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
    )
    failed = re.findall(r"^FAILED (\S+)", done.stdout, re.MULTILINE)
    return done.returncode, sorted(failed), done.stdout


def test_pytest_shows_the_execution_and_writes_it_down(tmp_path):
    failing = ("--subject=tests/races/one_bit_flag.py", "--schedule=23.1", P2_FIRST, P2)
    runs, pages = [], []
    for number, options in enumerate([[], ["-n2", "--race-trace=/dev/full"]]):
        path = tmp_path / f"{number}.html"
        storage = tmp_path / str(number)
        runs.append(run_pytest(storage, *failing, f"--race-report={path}", *options))
        pages.append(path.read_text("utf-8"))
    assert {(status, *failed) for status, failed, _ in runs} == {(1, P2, P2_FIRST)}
    assert "--race-trace: cannot write /dev/full: No space left on device" in runs[1][2]
    # The order is that of the ids, not the one in which they failed.
    assert pages[0] == pages[1]
    assert 0 < pages[0].index(P2) < pages[0].index(P2_FIRST)

    for _, _, out in runs:
        at = out.index("execution under the schedule 23.1 ")
        story = [
            "time  step ",
            "preempted; time goes on",
            "_flag: 1 -> 0",
            " law P2 ",
            "Example: test_P2_",
            "Again: pytest '",
        ]
        for part in story:
            assert (at := out.find(part, at)) >= 0, part
    again = re.search(rf"^Again: pytest ('{re.escape(P2_FIRST)}' .*)$", runs[0][2], re.MULTILINE)
    (tmp_path / "defect.py").write_text(
        "from threadlab.reports import table\n"
        "def text(*args):\n    raise ZeroDivisionError('a defect')\n"
        "table.text = text\n"
    )
    status, failed, out = run_pytest(tmp_path, *shlex.split(again[1]), "-p", "defect")
    assert (status, failed) == (1, [P2_FIRST])
    assert "cannot be shown: ZeroDivisionError('a defect')" in out
    assert (
        re.findall(r"^E  .*", out, re.MULTILINE)[:2]
        == re.findall(
            r"^E  .*", runs[0][2][runs[0][2].index(P2_FIRST.partition("::")[2]) :], re.MULTILINE
        )[:2]
    )


def test_pytest_says_first_that_a_path_cannot_be_written(tmp_path):
    status, failed, out = run_pytest(tmp_path, P2, f"--race-report={tmp_path}/nowhere/race.html")
    assert (status, failed) == (4, [])
    (line,) = [line for line in out.splitlines() if "race" in line and "nowhere" in line]
    assert line.endswith(f"there is no folder {tmp_path}/nowhere")
    assert "test session starts" not in out


def test_what_fails_in_the_real_world_has_no_table():
    assert failed_test.report(AssertionError(), "test", "law", "again") is None
    group = ExceptionGroup("several", [ValueError(), AssertionError()])
    assert failed_test.report(group, "test", "law", "again") is None
