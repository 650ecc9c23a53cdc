"""CPython's own tests of what stands on the fakes pass in the closed world, unchanged.

Whether the simulated world is like the real one is best asked by who wrote that. `cpython` executes
them; what is left out, and why, stands in `stdlib_exclusions`. `test_stdlib` has locks, queues and
the scheduler under other schedules as well.
"""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.lab.cpython import MODULES, is_there
from tests.lab.stdlib_exclusions import EXCLUDED

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", MODULES)
def test_cpythons_own_pass(name):
    if not is_there(name):
        pytest.skip(f"this Python does not ship test.{name}")
    command = [sys.executable, "-m", "tests.lab.cpython", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= MODULES[name]


def test_what_is_excluded_is_there():
    """Or an exclusion would wait for a test that gets its name. Not all are in each version."""
    there = set()
    for name in EXCLUDED:
        module = next(module for module in MODULES if name.startswith(f"{module}."))
        if not is_there(module):
            pytest.skip(f"this Python does not ship test.{module}")
        source = Path(find_spec(f"test.{module}").origin).read_text("utf-8")
        there |= {name} if name.rpartition(".")[2] in source else set()
    assert len(there) >= len(EXCLUDED) - 3, set(EXCLUDED) - there
