"""The load: spinning processes, one for each CPU, and the smallest switch interval.

Without the GIL there are none of these: the threads keep the CPUs busy themselves, and CPython 3.13
is a hundred times slower at starting threads beside such processes (see tests/README.md).
"""

import os
import sys
from collections.abc import Iterator

import pytest

from tests import busy, gil
from threadlab import RealWorld, Subject


@pytest.fixture(scope="package", autouse=True)
def _busy_cpus() -> Iterator[None]:
    with busy.processes(0 if gil.is_off() else os.cpu_count() or 1):
        yield


@pytest.fixture(autouse=True)
def _frequent_switches() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def world(subject: Subject) -> RealWorld:
    return RealWorld(subject, patience=12)
