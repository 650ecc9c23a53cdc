"""The suite as a command: what a stranger's run says, and how it ends."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.properties import NAMES
from threadlab.errors import SubjectError
from threadlab.worlds.subjects import Subject

ROOT = Path(__file__).parents[2]

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


def run_pytest(*arguments, cwd=ROOT):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
    )


def run_test_file(path, text):
    """Run ``text`` as a test file outside of this tree, under this tree's ``conftest.py``."""
    path.write_text(text)
    return run_pytest("-c", "pyproject.toml", "--rootdir=.", "-p", "conftest", str(path))


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
        ("folder/", None, "a folder without __init__.py is no package"),
        ("a.b.py", COUNTDOWN, "is no Python file that can be imported"),
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


def test_a_broken_law_is_named_with_its_text_its_example_and_a_line_to_run_it_again(tmp_path):
    subject = tmp_path / "mine.py"
    subject.write_text(COUNTDOWN.format(begin="emit(0)"))
    run = run_pytest(f"--subject={subject}", "tests/properties/test_countdown.py", "-k", "C1")
    assert run.returncode == 1
    assert "law C1" in run.stdout
    assert "Emits `n, n-1, …, 1`, each once, in that order; nothing for `n = 0`." in run.stdout
    assert "n=0," in run.stdout
    again = (
        "pytest 'tests/properties/test_countdown.py"
        f"::test_C1_emits_every_value_once_and_in_order[real]' --subject={subject}"
    )
    assert again in run.stdout


def test_a_package_is_a_subject(tmp_path):
    package = tmp_path / "mine"
    package.mkdir()
    (package / "__init__.py").write_text("from .parts import countdown")
    (package / "parts.py").write_text(COUNTDOWN.format(begin="pass"))
    for spec in (package, package / "parts.py"):
        run = run_pytest(f"--subject={spec}", "tests/properties", "-k", "C1 or C4 or G1")
        assert run.returncode == 0, run.stdout


HANG = """
import threading
from threadlab.worlds import watchdog
from threadlab.worlds.real import RealWorld

watchdog.PATIENCE = 0.5

def test_P2_hangs(subject):
    world = RealWorld(subject)
    never = threading.Event()

    def scenario():
        threading.Thread(target=never.wait, name="Fred").start()
        never.wait()

    world.run(scenario)

def test_next():
    pass
"""

LEAK = """
import threading
from threadlab.worlds import leaks

leaks.GRACE = 0.1

def test_leaks():
    threading.Thread(target=threading.Event().wait, name="Fred").start()

def test_next():
    pass
"""


@pytest.mark.parametrize(("text", "kind"), [(HANG, "Hang: no end after"), (LEAK, "Leak: left")])
def test_a_hang_or_a_leak_fails_its_test_and_the_run_goes_on_and_ends(tmp_path, text, kind):
    run = run_test_file(tmp_path / "test_it.py", text)
    assert run.returncode == 1
    assert kind in run.stdout
    assert "thread 'Fred'" in run.stdout
    assert "1 failed, 1 passed" in run.stdout


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
    run = run_pytest(*options, "tests/properties", "-k", "P2_each_thread or P8_starts_once")
    assert run.returncode == 0, run.stdout
    _, verdict = run.stdout.split(" verdict on ")
    assert re.search(r"^held +1  P8$", verdict, re.MULTILINE)
    assert re.search(r"^not judged .* P2 ", verdict, re.MULTILINE)


def test_the_verdict_is_by_law(tmp_path):
    subject = tmp_path / "mine.py"
    subject.write_text(COUNTDOWN.format(begin="emit(0)"))
    junit = tmp_path / "junit.xml"
    selection = "C1 or C2 or C5 or P2"
    run = run_pytest(
        f"--subject={subject}", "tests/properties", "-k", selection, f"--junitxml={junit}"
    )
    assert run.returncode == 1
    _, verdict = run.stdout.split(f" verdict on {subject} ")
    assert re.search(r"^broken +\d  C1 ", verdict, re.MULTILINE)
    assert re.search(r"^not offered +1  P2$", verdict, re.MULTILINE)
    assert re.search(r"^not judged +\d+  G1 ", verdict, re.MULTILINE)
    assert "\nC1 Emits `n, n-1, …, 1`, each once" in verdict
    assert "\nAgain: pytest 'tests/properties/test_countdown.py::test_C1" in verdict
    assert 'failures="' in junit.read_text()
