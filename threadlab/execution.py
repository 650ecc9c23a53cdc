"""What is needed to make one execution again, and how an error carries that to whoever shows it."""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from greenlet import GreenletExit

from threadlab.errors import Interrupted, ProgramError, note
from threadlab.schedule import Schedule
from threadlab.simulation.simulation import Simulation

NO_FAILURE = ("Skipped", "XFailed", "SkipTest")
"""What pytest and unittest call what a test raises that is not to be judged."""


ENDING = (KeyboardInterrupt, SystemExit, GeneratorExit, GreenletExit)
"""What would end the test run, and from a scenario is a failure like any other."""


class Execution(NamedTuple):
    """One of ``scenario`` in ``simulation``, under ``schedule``."""

    simulation: Simulation
    scenario: Callable[[], object]
    schedule: Schedule


def mark(error: BaseException, execution: Execution, again: str) -> None:
    """Let ``error`` carry ``execution``, for `execution_of`, and have ``again`` as a note."""
    if isinstance(error, ProgramError) or type(error).__name__ in NO_FAILURE:
        return  # what it says is shown as it is
    note(error, again)
    with suppress(Exception):  # of a class that takes no attributes
        error.execution = execution  # type: ignore[attr-defined]


def as_failure(error: BaseException) -> BaseException:
    """``error``, or a failure in its place if it would end the test run; but Ctrl-C does that."""
    if isinstance(error, ENDING) and not isinstance(error, Interrupted):
        return AssertionError(f"exception: {error!r}")
    return error


def execution_of(error: BaseException) -> Execution | None:
    """The one that raised ``error``; none if it was none of a simulated world."""
    # Not by getattr, which may be code of the error's.
    execution: Execution | None = getattr(error, "__dict__", {}).get("execution")
    return execution
