"""The load: spinning processes, one for each CPU, and the smallest switch interval.

Without the GIL there are none of these: the threads keep the CPUs busy themselves, and CPython 3.13
is thirty times slower at starting threads beside such processes (see tests/README.md).
"""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests import gil
from threadlab import RealWorld, Subject

# Spins until its standard input ends, so that it cannot outlive what started it.
SPINNER = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
while True:
    pass
"""


@pytest.fixture(scope="package", autouse=True)
def _busy_cpus() -> Iterator[None]:
    command = [sys.executable, "-c", SPINNER]
    count = 0 if gil.is_off() else os.cpu_count() or 1
    spinners = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(count)]
    yield
    for spinner in spinners:
        spinner.communicate()


@pytest.fixture(autouse=True)
def _frequent_switches() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def world(subject: Subject) -> RealWorld:
    return RealWorld(subject, patience=12)
