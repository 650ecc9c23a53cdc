"""The suite as a command: what a stranger's run says, and how it ends."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import known as known_laws
from tests.properties import NAMES
from threadlab.errors import SubjectError
from threadlab.worlds.subjects import Subject

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.once  # test_judging has what is tried on each Python

COUNTDOWN = """
import time

def countdown(n, *, interval=1.0, started=None, emit=print):
    {begin}
    if started is not None:
        started.set()
    while n > 0:
        emit(n)
        n -= 1
        time.sleep(interval)
"""


def run_pytest(*arguments, cwd=ROOT, env=None):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=cwd,
        env=os.environ | {"GITHUB_ACTIONS": "false"} | (env or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
    )


@pytest.mark.parametrize(
    ("spec", "text", "message"),
    [
        ("no_such_module_at_all", None, "there is no module 'no_such_module_at_all'"),
        ("threadprims.nothing", None, "there is no module 'threadprims.nothing'"),
        ("nothing.py", None, "there is no such file"),
        ("broken.py", "1 / 0", "does not import: ZeroDivisionError: division by zero ("),
        ("syntax.py", "def", "does not import: "),
        ("exits.py", "raise SystemExit(3)", "does not import: SystemExit: 3 ("),
        ("lacks.py", "import no_such_module", "No module named 'no_such_module' ("),
        ("empty.py", "", "offers none of countdown, CountdownTask, "),
        ("queue.py", COUNTDOWN, "has the name of another module, 'queue'; rename it"),
        ("folder/", None, "a folder without __init__.py is not a package"),
        ("a.b.py", COUNTDOWN, "is not a Python file that can be imported"),
        ("interrupts.py", "raise GeneratorExit", "does not import: GeneratorExit ("),
        ("odd.py", "def __getattr__(name): raise ValueError(name)", "ValueError: countdown ("),
        ("..x", None, "is not the name of a module"),
        ("", None, "is not the name of a module"),
        ("json", None, "offers none of countdown, "),
    ],
)
def test_an_unusable_subject_is_one_line(tmp_path, monkeypatch, spec, text, message):
    if text is not None:
        (tmp_path / spec).write_text(text)
    (tmp_path / "folder").mkdir()
    if spec.endswith((".py", "/")):
        spec = f"{tmp_path}/{spec}"
    monkeypatch.setattr(sys, "path", sys.path.copy())
    modules = sys.modules.copy()
    try:
        with pytest.raises(SubjectError) as caught:
            Subject.load(spec, NAMES)
    finally:
        for name in sys.modules.keys() - modules.keys():
            del sys.modules[name]
    line = str(caught.value)
    assert line.startswith(f"subject {spec!r}")
    assert message in line
    assert "\n" not in line


@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_unusable_subject_is_status_4(workers):
    run = run_pytest("--subject=json", "-n", workers)
    assert run.returncode == 4
    (line,) = run.stdout.strip().splitlines()
    assert line.startswith("ERROR: subject 'json' offers none of countdown, ")


def test_a_subject_that_cannot_be_simulated_is_one_line_and_status_4(tmp_path):
    subject = tmp_path / "loops.py"
    subject.write_text(
        "import os\nif not os.fork(): os._exit(0)\n" + COUNTDOWN.format(begin="pass")
    )
    run = run_pytest(f"--subject={subject}")
    assert run.returncode == 4
    (line,) = run.stdout.strip().splitlines()
    assert "os.fork cannot be simulated: it leaves the process" in line
    assert "--world=real judges it on real threads alone" in line
    run = run_pytest(f"--subject={subject}", "--world=real", "tests/properties", "-k", "C1")
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("option", ["--schedule=1.x", "--world=other"])
def test_a_wrong_option_is_one_line_and_status_4(option):
    run = run_pytest(option)
    assert run.returncode == 4
    assert "Traceback" not in run.stdout
    assert f"argument {option.partition('=')[0]}" in run.stdout


def test_a_partial_subject_is_judged_by_its_own_laws(tmp_path):
    subject = tmp_path / "mine.py"
    subject.write_text(COUNTDOWN.format(begin="assert n == int(n)") + "\n__version__ = '7'\n")
    run = run_pytest(f"--subject={subject}", "tests/properties", "-rs", "-k", "C1 or C4 or P2")
    assert run.returncode == 0, run.stdout
    assert f"subject: {subject} 7, from {subject}" in run.stdout
    assert "world: real, simulated" in run.stdout
    assert "names: countdown; not offered, their laws are skipped: CountdownTask," in run.stdout
    assert f"{subject} offers no PeriodicTimer, TimerStopped" in run.stdout
    assert "passed" in run.stdout


def test_another_subject_runs_no_test_of_the_laboratory(tmp_path):
    subject = tmp_path / "mine.py"
    subject.write_text(COUNTDOWN.format(begin="pass"))
    run = run_pytest(f"--subject={subject}", "--collect-only", "-q")
    assert run.returncode == 0, run.stdout
    assert "tests/properties/test_countdown.py::" in run.stdout
    assert "tests/lab/" not in run.stdout


def test_whoever_asks_for_tracebacks_gets_them(tmp_path):
    subject = tmp_path / "mine.py"
    subject.write_text(COUNTDOWN.format(begin="emit(0)"))
    options = (f"--subject={subject}", f"--verdict-folder={tmp_path}", "--tb=short", "-rf")
    run = run_pytest(*options, "tests/properties/test_countdown.py", "-k", "C1")
    assert "in test_C1_emits_every_value_once_and_in_order" in run.stdout
    assert "FAILED tests/properties/test_countdown.py" in run.stdout


def test_a_package_is_a_subject(tmp_path):
    package = tmp_path / "mine"
    package.mkdir()
    (package / "__init__.py").write_text("from .parts import countdown")
    (package / "parts.py").write_text(COUNTDOWN.format(begin="pass"))
    for spec in (package, package / "parts.py"):
        run = run_pytest(f"--subject={spec}", "tests/properties/test_countdown.py", "-k", "C1")
        assert run.returncode == 0, run.stdout


LABORIOUS = """
import threadprims
from threadprims import TimerStopped

class PeriodicTimer(threadprims.PeriodicTimer):
    def wait_for_tick(self, timeout=None):
        for number in range(5000):
            self.number = number
        return super().wait_for_tick(timeout)
"""


def test_a_law_whose_executions_were_cut_off_is_not_judged(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(LABORIOUS)
    (tmp_path / "impatient.py").write_text(
        "from threadlab.worlds import sampling; sampling.STEPS = sampling.STEPS_AGAIN = 1500"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    options = ("-p", "impatient", f"--subject={tmp_path}/mine.py", "--world=simulated")
    options = (*options, f"--verdict-folder={tmp_path}/said")
    run = run_pytest(*options, "tests/properties", "-k", "P2_each_thread or P8_starts_once")
    assert run.returncode == 0, run.stdout
    _, verdict = run.stdout.split(" verdict on ")
    assert re.search(r"^held +1  P8$", verdict, re.MULTILINE)
    assert re.search(r"^not judged .*\sP2 ", verdict, re.MULTILINE | re.DOTALL)


def test_the_verdict_is_by_law(tmp_path):
    subject = tmp_path / "mine.py"
    subject.write_text(COUNTDOWN.format(begin="emit(0)"))
    junit, file = tmp_path / "junit.xml", tmp_path / "verdict.json"
    run = run_pytest(
        *("tests/properties", "-k", "C1 or C2 or C5 or P2", "-n2", "--hypothesis-seed=7"),
        *(f"--subject={subject}", f"--junitxml={junit}", f"--verdict-json={file}"),
        f"--verdict-folder={tmp_path}",
        env={"GITHUB_ACTIONS": "true"},
    )
    assert run.returncode == 1
    _, verdict = run.stdout.split(f" verdict on {subject} ")
    assert re.search(r"^broken +\d  C1 ", verdict, re.MULTILINE)
    assert re.search(r"^not offered +1  P2$", verdict, re.MULTILINE)
    assert re.search(r"^not judged +\d+  G1 ", verdict, re.MULTILINE)
    assert "\nC1 Emits `n, n-1, …, 1`, each once" in verdict
    assert "\n    Again: pytest 'tests/properties/test_countdown.py::test_C1" in verdict
    assert f",line=4,title={subject} breaks C1::Emits" in verdict  # where countdown is defined
    assert 'failures="' in junit.read_text()
    said = json.loads(file.read_text("utf-8"))
    assert said["subject"]["file"] == str(subject)
    assert (said["worlds"], said["seed"], said["version"]) == (["real", "simulated"], 7, 1)
    laws = {law["law"]: law for law in said["laws"]}
    assert laws["P2"]["verdict"] == "not offered"
    assert laws["C1"]["causes"][0]["schedule"] == "-"
    assert laws["C1"]["causes"][0]["example"] == "n=0, interval=1.0"


KNOWN = """
[C1]
reason = "it emits a zero first, as it always did"
test = "tests/properties/test_countdown.py::test_C1_emits_every_value_once_and_in_order[simulated]"
example = "n=0, interval=1.0"
schedule = "-"
"""


@pytest.mark.parametrize(
    ("begin", "status", "said"),
    [
        ("emit(0)", 0, "known         1  C1"),
        ("pass", 1, "C1 holds, and is said to be known as broken: it emits a zero first, as it"),
    ],
)
def test_a_law_known_to_be_broken_is_looked_at_once(tmp_path, begin, status, said):
    (subject := tmp_path / "mine.py").write_text(COUNTDOWN.format(begin=begin))
    (known := tmp_path / "known.toml").write_text(KNOWN)
    options = (f"--subject={subject}", f"--known={known}", f"--verdict-folder={tmp_path}")
    run = run_pytest(*options, "tests/properties", "-k", "C1 or C3_returns", "-n2")
    assert run.returncode == status, run.stdout
    assert said in run.stdout
    assert not status or "fixed         1  C1" in run.stdout


@pytest.mark.parametrize(
    ("before", "after", "workers", "status", "said"),
    [
        ("n=0, ", "", 0, 4, "C1: the example is to say what these are: interval, n"),
        ("n=0, ", "", 2, 1, "C1: the example is to say what these are: interval, n"),
        ("order[", "disorder[", 0, 1, "broken        1  C1"),
    ],
)
def test_what_is_known_of_no_such_test_hides_nothing(
    tmp_path, before, after, workers, status, said
):
    (subject := tmp_path / "mine.py").write_text(COUNTDOWN.format(begin="emit(0)"))
    (known := tmp_path / "known.toml").write_text(KNOWN.replace(before, after))
    options = (f"--subject={subject}", f"--known={known}", f"--verdict-folder={tmp_path}")
    run = run_pytest(*options, "tests/properties", "-k", "C1", f"-n{workers}")
    assert run.returncode == status, run.stdout
    assert said in run.stdout


def test_a_later_run_leaves_what_was_said_of_other_laws(tmp_path):
    (subject := tmp_path / "mine.py").write_text(COUNTDOWN.format(begin="emit(0)"))
    (other := tmp_path / "P1_of_another_run.txt").write_text("")
    (same := tmp_path / "C1_of_another_run.txt").write_text("")
    options = (f"--subject={subject}", f"--verdict-folder={tmp_path}", "--world=simulated")
    run_pytest(*options, "tests/properties", "-k", "C1")
    assert other.exists()
    assert not same.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("class PeriodicTimer: pass", "offers PeriodicTimer and no TimerStopped, which its laws"),
        ("class TimerStopped: pass", "offers TimerStopped and no PeriodicTimer, which its laws"),
        ("countdown = 5", "countdown is no class and no function"),
    ],
)
def test_a_subject_whose_laws_would_be_skipped_is_status_4(tmp_path, text, said):
    (subject := tmp_path / "mine.py").write_text(text)
    run = run_pytest(f"--subject={subject}", "--world=simulated")
    assert run.returncode == 4
    (line,) = run.stdout.strip().splitlines()
    assert said in line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[C1", "known.toml: Expected"),
        (KNOWN.replace("C1]", "X1]"), "X1: the contract has no such law"),
        (KNOWN.replace("reason", "why"), "C1: it has no why"),
        (KNOWN.replace('schedule = "-"', ""), "C1: 'schedule' is missing"),
        (KNOWN.replace("n=0, ", "0, "), "C1: the example is to be as in name=value"),
        (KNOWN.replace("n=0, ", "n=f(), "), "C1: n=f() is not a literal, and cannot be known"),
        (KNOWN.replace('"-"', '"x"'), "C1: "),
        (KNOWN.replace("::test_C1", "::test_C2"), "is no test of it"),
        (None, "known.toml: No such file or directory"),
    ],
)
def test_a_file_of_what_is_known_that_makes_no_sense_is_one_line(tmp_path, text, message):
    if text is not None:
        (tmp_path / "known.toml").write_text(text)
    with pytest.raises(pytest.UsageError) as caught:
        known_laws.read(f"{tmp_path}/known.toml", {"C1": ""})
    line = str(caught.value)
    assert message in line
    assert "\n" not in line


def test_a_file_of_what_is_known_that_cannot_be_read_is_status_4(tmp_path):
    run = run_pytest("--subject=threadprims", f"--known={tmp_path}")
    assert run.returncode == 4
    assert run.stdout.strip() == f"ERROR: --known: cannot read {tmp_path}: Is a directory"


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
def test_on_a_terminal_a_line_says_which_law_is_being_tried(tmp_path):
    subject = tmp_path / "mine.py"
    subject.write_text(COUNTDOWN.format(begin="emit(0)"))
    ours, theirs = os.openpty()
    selection = ("-n0", "-p", "no:cacheprovider", "tests/properties/test_countdown.py", "-k", "C1")
    options = (f"--subject={subject}", f"--verdict-folder={tmp_path}/said")
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, *selection],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm", "GITHUB_ACTIONS": "false"},
    )
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 10_000):
            said += part
    except OSError:  # so it ends on Linux
        pass
    os.close(ours)
    assert run.wait() == 1
    assert b"C1: 0 of 2 tests, 0 laws broken" in said
    assert b"C1: 1 of 2 tests, 1 law broken" in said
    assert b"FAILED" not in said


ANOTHER_WAY = """
import threadprims
from threadprims import TimerStopped

class PeriodicTimer(threadprims.PeriodicTimer):
    def wait_for_tick(self, timeout=None):
        with open({file!r}, "ab") as file:  # a real one, which is longer each time
            file.write(b".")
            length = file.tell()
        for _ in range(length % 100):
            with self._changed:
                pass
        return super().wait_for_tick(timeout)
"""


def test_what_goes_another_way_each_time_is_not_judged(tmp_path):
    """As what walks through a set of objects, in the order of their addresses: it is no fault."""
    (tmp_path / "mine.py").write_text(ANOTHER_WAY.format(file=str(tmp_path / "calls")))
    options = (f"--subject={tmp_path}/mine.py", "--world=simulated", "-n0")
    selection = ("tests/properties", "-k", "P2_each or P4_a_waiting")
    run = run_pytest(*options, f"--verdict-folder={tmp_path}/said", *selection)
    assert run.returncode == 0, run.stdout
    assert re.search(r"^not judged .* P4 ", run.stdout, re.MULTILINE | re.DOTALL)
    assert "\nbroken" not in run.stdout
