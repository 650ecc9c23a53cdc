"""Executes CPython's own tests in the closed world: ``python -m tests.lab.cpython [MODULE ...]``.

Prints for each module how many ended how, and each test that was not executed or failed, and why.
Each test is an execution, under the default schedule, in which time passes only when all are
blocked: the tests wait 10 ms for a thread to block and a minute for one to end, and mean it. The
module has steps, since some of its loops spin; the standard library that it tests has none.

In a process of its own, since the tests look at what pytest changes: hooks, warnings, threads.
"""

import gc
import sys
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import find_spec
from os import devnull

from tests.lab.stdlib_exclusions import EXCLUDED, OF_PROCESSES, REFUSALS
from threadlab.errors import CannotSimulate
from threadlab.simulation.project import Project
from threadlab.simulation.simulation import Simulation

MODULES = {
    "test_threading": 150,
    "test_selectors": 70,
    "test_socketserver": 20,
    "test_logging": 200,
    "test_asyncio.test_locks": 70,
    "test_asyncio.test_queues": 40,
    "test_asyncio.test_runners": 25,
    "test_asyncio.test_streams": 60,
    "test_asyncio.test_tasks": 250,
    "test_asyncio.test_timeouts": 30,
    "test_concurrent_futures.test_as_completed": 5,
    "test_concurrent_futures.test_future": 20,
    "test_concurrent_futures.test_init": 2,
    "test_concurrent_futures.test_shutdown": 10,
    "test_concurrent_futures.test_thread_pool": 14,
    "test_concurrent_futures.test_wait": 9,
}
"""In the package ``test``, with how many pass in each version at least; `test_stdlib` has more."""


def is_there(name):
    try:
        return find_spec(f"test.{name}") is not None
    except ModuleNotFoundError:
        return False


def flattened(suite):
    for test in suite:
        if hasattr(test, "__iter__"):
            yield from flattened(test)
        else:
            yield test


def outcomes(name):
    """Each test of the module, with how it ended: "passed", "skipped", or why it did not."""
    simulation = Simulation(Project([], [], include=[f"test.{name}", "test.lock_tests"]))
    simulation.kernel.stall = 0
    module = simulation.load(f"test.{name}")
    unittest = simulation.load("unittest")
    gc.freeze()  # or the tests, many of which collect all garbage, look through all that is loaded
    for test in flattened(unittest.defaultTestLoader.loadTestsFromModule(module)):
        yield test.id().removeprefix("test."), outcome(simulation, unittest, test)


def outcome(simulation, unittest, test):
    name = test.id().removeprefix("test.")
    why = EXCLUDED.get(name) or EXCLUDED.get(name.rpartition(".")[0])
    if why is None and OF_PROCESSES in name:
        why = "it needs a process"
    if why:
        return f"excluded: {why}"

    def execution():
        result = unittest.TestResult()
        suite = unittest.TestSuite([test])
        suite._cleanup = False  # or else it forgets the test
        suite.run(result)
        return result

    try:
        result = simulation.execute(execution)
    except CannotSimulate as error:
        why = [why for call, why in REFUSALS.items() if str(error).startswith(call)]
        return f"excluded: {why[0]}" if why else f"failed: {error}"
    except Exception as error:
        return f"failed: {type(error).__name__}: {error}"
    if result.failures or result.errors:
        return f"failed: {(result.failures + result.errors)[0][1]}"
    return "skipped" if result.skipped else "passed"


def main(names):
    failed = False
    for name in names or filter(is_there, MODULES):
        with open(devnull, "w") as sink, redirect_stdout(sink), redirect_stderr(sink):
            ended = dict(outcomes(name))
        counts = Counter(how.partition(":")[0] for how in ended.values())
        print(f"{name}:", ", ".join(f"{n} {how}" for how, n in sorted(counts.items())))
        for test, how in ended.items():
            if how not in ("passed", "skipped"):
                print(f"    {test.removeprefix(name + '.')}: {how}")
        failed = failed or "failed" in counts
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
