"""What is raised to the author of a test: with frames of his own, and how to see it again."""

from collections.abc import Callable
from contextlib import suppress
from types import CodeType
from typing import NoReturn, TypeVar

from threadlab.schedule import Schedule
from threadlab.simulation.frames import is_own
from threadlab.simulation.simulation import Simulation

E = TypeVar("E", bound=BaseException)
Execution = tuple[Simulation, Callable[[], object], Schedule]
"""To make one again: its world, the scenario, the schedule."""


def mark(error: BaseException, execution: Execution, again: str) -> None:
    """Let ``error`` have its `Execution` as ``execution``, and ``again`` as a note."""
    if type(error).__name__ in ("Skipped", "XFailed", "SkipTest"):  # of pytest or unittest
        return  # no failure, and what it says is shown as it is
    error.add_note(again)
    with suppress(AttributeError):  # of a class that takes no attributes
        error.execution = execution  # type: ignore[attr-defined]


def with_own_frames(error: E) -> E:
    """``error`` with the traceback of the code under test alone, if it has one."""
    traceback = error.__traceback__
    while traceback is not None and not is_own(traceback.tb_frame):
        traceback = traceback.tb_next
    return error if traceback is None else error.with_traceback(traceback)


def raise_at(error: BaseException, code: CodeType) -> NoReturn:
    """Raise ``error``, which is of no line in particular, as if at the head of ``code``."""
    __tracebackhide__ = True
    raising = compile("raise error", code.co_filename, "exec").replace(
        co_name=code.co_name, co_firstlineno=code.co_firstlineno
    )
    exec(raising, {"error": error.with_traceback(None)})
    raise AssertionError("not reached")
