"""The load: spinning processes, one for each CPU, and the smallest switch interval."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

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
    spinners = [
        subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(os.cpu_count() or 1)
    ]
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
