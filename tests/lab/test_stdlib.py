"""CPython's own tests of its locks, queues and scheduler, inside the simulated world.

Whether the fakes do what the real ``_thread`` and ``time`` do is best asked by who wrote those.
So the tests here come from the interpreter's ``test`` package, and run on the ``threading``,
``queue`` and ``sched`` that stand on the fakes. They are given steps, as a subject is: some of
them spin, and each is run under a few schedules beside the default one.
"""

import random
import sysconfig
import unittest
from pathlib import Path
from types import ModuleType

import pytest

from threadlab.schedule import PROMPT, Schedule
from threadlab.simulation.importer import Importer
from threadlab.simulation.instrument import sites, steps
from threadlab.simulation.kernel import Kernel
from threadlab.simulation.project import Project
from threadlab.simulation.snapshot import Snapshot

pytest.importorskip("test.lock_tests", reason="this Python does not ship its own tests")

SCHEDULES = 2
"""How many each test is run under, beside the default one."""

LOCKS = [
    ("LockTests", "locktype", "Lock"),
    ("RLockTests", "locktype", "_CRLock"),
    ("RLockTests", "locktype", "_PyRLock"),
    ("RLockTests", "locktype", "Condition"),
    ("EventTests", "eventtype", "Event"),
    ("ConditionTests", "condtype", "Condition"),
    ("SemaphoreTests", "semtype", "Semaphore"),
    ("BoundedSemaphoreTests", "semtype", "BoundedSemaphore"),
    ("BarrierTests", "barriertype", "Barrier"),
]
"""Classes in ``test.lock_tests``, the attribute that says what they test, and what it is."""

EXPECTED = {
    "RLockTests-Condition.test_recursion_count": "a Condition has none; CPython skips it as well",
}
"""What is not run, and why."""

SMALLER = {"range(10000)": "range(1000)", "1024*64": "1024"}
"""Amounts in the source that are meant for real threads, which need many tries to meet."""


kernel = Kernel()
kernel.stall = 0  # they wait 10 ms for a thread to block and a minute for one to end, and mean it


def compile_test(source, file):
    if not Path(file).name.startswith(("lock_tests", "test_")):
        return compile(source, file, "exec", dont_inherit=True)
    for large, small in SMALLER.items():
        source = source.replace(large, small)
    return steps.compile_with_steps(source, file, [])


def pass_on(value, line):
    kernel.step(line)
    return value


importer = Importer(
    kernel,
    Project(["test"], [sysconfig.get_path("stdlib")]),
    compile_test,
    {sites.STEP: kernel.step, sites.PASS_ON: pass_on},
)


def give(name, **names):
    importer.modules[name] = module = ModuleType(name)
    vars(module).update(names)
    return module


def import_fresh_module(name, fresh=(), blocked=()):
    """What is written in Python only: what is written in C does not stand on the fakes."""
    return importer.load(name) if blocked else None


def left_over(message):
    raise AssertionError(message)


threading = importer.load("threading")
support = importer.load("test.support")
support.import_helper = give("test.support.import_helper", import_fresh_module=import_fresh_module)
support.print_warning = left_over  # is called when threads are
support.gc_collect = lambda: None  # slow, and references are counted
support.reap_children = lambda: None  # they might be pytest's


def cases():
    """The classes of tests, by name."""
    lock_tests = importer.load("test.lock_tests")
    for name, attribute, kind in LOCKS:
        tested = {attribute: staticmethod(getattr(threading, kind))}
        yield f"{name}-{kind}", type(name, (getattr(lock_tests, name),), tested)
    for module in importer.load("test.test_queue"), importer.load("test.test_sched"):
        for name, case in vars(module).items():
            is_case = isinstance(case, type) and issubclass(case, unittest.TestCase)
            if is_case and not getattr(case, "__unittest_skip__", False):  # the C ones
                yield f"{module.__name__.removeprefix('test.')}.{name}", case


TESTS = {
    f"{name}.{method}": case(method)
    for name, case in cases()
    for method in unittest.defaultTestLoader.getTestCaseNames(case)
}
state = Snapshot([], importer.from_source())


def execute(test, schedule):
    state.begin()
    try:
        kernel.run(test.debug, schedule)
    except Exception as error:
        error.add_note(f"under the schedule {schedule}")
        raise
    finally:
        state.restore()


@pytest.mark.parametrize("name", TESTS)
def test_cpythons_own(name):
    if name in EXPECTED:
        pytest.skip(EXPECTED[name])
    execute(TESTS[name], PROMPT)
    steps = kernel.steps
    choose = random.Random(name)
    for _ in range(SCHEDULES if steps else 0):
        delays = {choose.randint(1, steps): choose.randint(1, 3) for _ in range(3)}
        execute(TESTS[name], Schedule.at_steps(delays.items()))
