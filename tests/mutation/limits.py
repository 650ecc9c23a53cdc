"""A pytest plugin that ends the process when a test takes too much: most mutants that hang loop.

It counts seconds of the CPU and not of the clock, or a loaded machine would kill mutants that
survive elsewhere. The signal has no handler, so that it ends whatever the mutant does.
"""

import contextlib
import resource
import signal

CPU_SECONDS = 15
"""For each test, of which the slowest takes three."""

MEMORY = 4 * 1024**3
"""Of addresses, in bytes: a loop that collects what it does is faster than the clock."""

ENDED = -signal.SIGPROF
"""The status of a process that was ended."""


def pytest_configure() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    pytest_runtest_logstart()


def pytest_runtest_logstart() -> None:
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
