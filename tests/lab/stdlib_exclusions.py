"""What of CPython's own tests is not executed in the simulated world, or is refused there, and why.

A test that fails there and is not listed here is a fault of the laboratory.
"""

UNHANDLED = "an exception that no thread handles is a failure here, not a text on stderr"

EXCLUDED = {
    "test_threading.ExceptHookTests.test_excepthook": UNHANDLED,
    "test_threading.ExceptHookTests.test_excepthook_thread_None": UNHANDLED,
    "test_threading.ExceptHookTests.test_original_excepthook": UNHANDLED,
    "test_threading.SubinterpThreadingTests": "another interpreter has the real threads",
    "test_threading.ThreadTests.test_PyThreadState_SetAsyncExc": (
        "C raises an exception in a thread of the operating system"
    ),
    "test_threading.ThreadTests.test_disallow_instantiation": (
        "a lock can be made by its type, as from 3.13 on"
    ),
    "test_logging.TimedRotatingFileHandlerTest.test_rollover": (
        "the times of files are those of the operating system's clock"
    ),
    "test_logging.TimedRotatingFileHandlerTest.test_compute_rollover_MIDNIGHT_local": (
        "it sets a time zone; here it is always UTC"
    ),
    "test_logging.TimedRotatingFileHandlerTest.test_compute_rollover_W6_local": (
        "it sets a time zone; here it is always UTC"
    ),
    "test_asyncio.test_runners.RunnerTests.test_interrupt_call_soon": (
        "main spins until time has passed, which here it does only when all are blocked"
    ),
    "test_asyncio.test_tasks.GenericTaskTests.test_asyncio_module_compiled": (
        "it asks for the asyncio in C, which is absent on purpose"
    ),
}
"""Tests, or classes of tests."""

OF_PROCESSES = ".ProcessPool"
"""What is in the names of tests that need processes, and that clean up after none was begun."""

REFUSALS = {
    "os.fork": "it needs a process",
    "os.posix_spawn": "it needs a process",
    "a process": "it needs a process",
    "interpreters.create": "another interpreter has the real threads",
    "resource.setrlimit": "it changes the limits of the process",
    "select on descriptor": "it selects on a file of the operating system",
    "ssl.SSLContext.wrap_socket": "OpenSSL reads the descriptor itself",
}
"""What the simulated world refuses when a test calls it, which ends that test."""
