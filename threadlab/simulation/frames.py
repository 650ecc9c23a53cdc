"""Which frames are of the code under test: lines, stacks and tracebacks of those alone."""

import os
import sys
import traceback
from types import CodeType, FrameType
from typing import NoReturn, TypeVar

from threadlab.simulation.instrument.sites import STEP

E = TypeVar("E", bound=BaseException)

LABORATORY = os.path.dirname(os.path.dirname(__file__)) + os.sep
"""Whose frames are never shown."""

OF_THE_PROGRAM = (
    os.path.dirname(__file__) + os.sep,
    *(LABORATORY + file for file in ("scenario.py", "xunit.py")),
)
"""What stands in for the interpreter, or calls the program: what is raised there is of that."""


def is_own(frame: FrameType) -> bool:
    """Whether it is of the code under test."""
    return STEP in frame.f_globals


def is_program(frame: FrameType) -> bool:
    """Whether what is raised there is of the program, or of what it uses: none of our defects."""
    file = frame.f_code.co_filename
    return not file.startswith(LABORATORY) or file.startswith(OF_THE_PROGRAM)


def line_of(frame: FrameType | None) -> str | None:
    """The innermost line of the code under test that a task is at, as file:line."""
    frame = frame or sys._getframe()
    while frame is not None:
        if is_own(frame):
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return None


def where(frame: FrameType | None) -> str:
    """The innermost line outside of the laboratory, and that of the code under test that led there.

    As words that follow what was done there; empty if there is none.
    """
    lines: list[str] = []
    while frame is not None:
        if not frame.f_code.co_filename.startswith(LABORATORY):
            line = f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_qualname}"
            if is_own(frame):
                lines.append(line)
                break
            if not lines:
                lines.append(line)
        frame = frame.f_back
    return f"; at {', called at '.join(lines)}" if lines else ""


def raised_at(error: BaseException) -> str:
    """The line of the code under test at which it was raised, as file:line; empty if there is none.

    What raised it may be further in, where that called.
    """
    frames = traceback.walk_tb(error.__traceback__)
    own = [f"{frame.f_code.co_filename}:{line}" for frame, line in frames if is_own(frame)]
    return own[-1] if own else ""


def own_stack() -> tuple[str, ...]:
    """The calls of the code under test that lead here, innermost last, a line for each."""
    frame = sys._getframe(1)
    lines: list[str] = []
    while frame.f_back is not None:
        code = frame.f_code
        if is_own(frame):
            file = code.co_filename.rpartition("/")[2]
            lines.append(f"{file}:{frame.f_lineno} in {code.co_qualname}")
        frame = frame.f_back
    return tuple(reversed(lines))


def stack(frame: FrameType | None) -> str:
    """Where a task is, in the code under test and what that called, innermost last.

    The frame of the running task is none, and stands for the present one.
    """
    frames = [
        f
        for f in traceback.extract_stack(frame)
        if not f.filename.startswith(LABORATORY)
        and not (f.name.startswith("_bootstrap") and f.filename.endswith("threading.py"))
    ]
    lines = traceback.format_list(frames[-4:])
    return "".join(lines).rstrip()


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
