"""The gate on each Python: a broken law is named, and what hangs or leaks fails and ends.

All else that a stranger's run says is asked once, in `test_gate`.
"""

import pytest

from tests.lab.test_gate import COUNTDOWN, run_pytest


def test_a_broken_law_is_named_with_its_text_its_example_and_a_line_to_run_it_again(tmp_path):
    subject = tmp_path / "mine.py"
    subject.write_text(COUNTDOWN.format(begin="emit(0)"))
    folder = tmp_path / "said"
    options = (f"--subject={subject}", f"--verdict-folder={folder}")
    run = run_pytest(*options, "tests/properties/test_countdown.py", "-k", "C1")
    assert run.returncode == 1
    assert "C1 Emits `n, n-1, …, 1`, each once, in that order; nothing for `n = 0`." in run.stdout
    assert "Example: n=0," in run.stdout
    again = (
        "pytest 'tests/properties/test_countdown.py"
        f"::test_C1_emits_every_value_once_and_in_order[simulated]' --subject={subject}"
    )
    assert f"Again: {again} --schedule=-" in run.stdout
    assert "Traceback" not in run.stdout
    (file,) = folder.glob("C1_*-simulated.txt")
    text = file.read_text("utf-8")
    assert "law C1" in text
    assert "execution under the schedule -" in text
    assert f"Again: {again}" in text


def run_test_file(path, text):
    """Run ``text`` as a test file outside of this tree, under this tree's ``conftest.py``."""
    path.write_text(text)
    return run_pytest("-c", "pyproject.toml", "--rootdir=.", "-p", "conftest", str(path))


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
