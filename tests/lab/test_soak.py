"""The soak as a command: what it counts, finds, keeps and says, and how it ends."""

import os
import re
import signal
import subprocess
import sys

import pytest

from tests.lab.test_gate import ROOT
from tests.soak.__main__ import main

TIMER = "tests/properties/test_periodic_timer.py"
SUBJECT = "--subject=tests/races/looks_a_round_too_early.py"
ONE_TEST = "--minutes=0.0001"

pytestmark = pytest.mark.once


def soak(database, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.soak", *arguments],
        cwd=ROOT,
        env={**os.environ, "CI": "1", "HYPOTHESIS_STORAGE_DIRECTORY": str(database)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # what a shell starts in the background ignores it, and so does all that this starts
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def run_soak(database, *arguments):
    with soak(database, *arguments) as process:
        said, _ = process.communicate(timeout=240)
    return process.returncode, said


def row(world, said):
    """Tests, executions and virtual hours."""
    match = re.search(rf"^{world} +(.*)", said, re.MULTILINE)
    return [float(number.replace(",", "")) for number in match[1].split()]


def test_what_is_found_is_told_kept_and_found_at_once_by_the_next(tmp_path):
    module = "tests/properties/test_countdown_task.py"
    node = f"{module}::test_T3_at_most_one_value_after_termination[simulated]"
    for seed in 7, 8:
        status, said = run_soak(tmp_path, ONE_TEST, "-n0", f"--seed={seed}", SUBJECT, node)
        assert status == 1, said
        assert "\nfindings: 1\n" in said
        assert "\nT3 Once `terminate()` has returned, at most one more value is emitted.\n" in said
        assert "\n  |     world=simulated,\n" in said
        again = f"pytest '{node}' {SUBJECT}"
        assert f"\n  Again: {again} --schedule=" in said
        assert f": {again} --hypothesis-profile=deep --hypothesis-seed={seed}\n" in said
        tests, executions, _hours = row("simulated", said)
        assert tests == 1
        assert (executions <= 4) == (seed == 8)


def test_a_clean_soak_says_what_it_has_done(tmp_path):
    status, said = run_soak(tmp_path, ONE_TEST, "-n2", "-k", "P4_one_tick", "--seed=5", TIMER)
    assert status == 0, said
    assert "round 1: 2 tests, seed 5\n" in said
    assert "\nfindings: none\n" in said
    assert row("real", said) == [1, 1]
    tests, executions, hours = row("simulated", said)
    assert tests == 1
    assert executions > 1
    assert hours == pytest.approx(executions * 0.5 / 3600, rel=0.1)
    assert "virtual hours," not in said  # the progress is for terminals


def test_ctrl_c_ends_it_with_the_report_so_far(tmp_path):
    with soak(tmp_path, "--minutes=5", "-n0", "-k", "P4 and simulated", TIMER) as process:
        for line in process.stdout:
            if line.startswith("round 1"):
                break
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "\nfindings: none\n" in said


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--minutes=soon"], 2, "argument --minutes: 'soon' is not a number of minutes"),
        (["--minutes=0"], 2, "argument --minutes: '0' is not a number of minutes"),
        (["--subject=json"], 4, "subject 'json' offers none of countdown, "),
        (["-n0", "-k", "no_such_test", TIMER], 4, "there is no such test"),
    ],
)
def test_bad_use_is_one_line(arguments, status, message, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert main(arguments) == status
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"python -m tests.soak: error: {message}")
