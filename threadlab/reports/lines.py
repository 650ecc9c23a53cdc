"""Which lines are shown: those of the code under test, and of what drives that."""

import dis
import os
import sys
from collections.abc import Mapping
from inspect import CO_OPTIMIZED
from itertools import islice
from types import CodeType, FrameType

from threadlab.reports.timeline import Place
from threadlab.simulation import modules
from threadlab.simulation.frames import LABORATORY, is_own

STANDING_IN = os.path.dirname(modules.__file__)
OTHERS = (LABORATORY, os.path.dirname(os.__file__))
"""Folders of which no line is ever shown."""


def is_shown(frame: FrameType) -> bool:
    """Whether it is of the code under test, or of what drives that."""
    return is_own(frame) or not frame.f_code.co_filename.startswith(OTHERS)


def line_of(frame: FrameType | None) -> Place | None:
    """The innermost such line from ``frame`` on."""
    while frame is not None and not is_shown(frame):
        frame = frame.f_back
    return Place(frame.f_code.co_filename, frame.f_lineno) if frame is not None else None


def call() -> tuple[FrameType | None, FrameType | None]:
    """What the code under test has called, and that code; what a thread runs, if there is none."""
    frame: FrameType | None = sys._getframe(1)
    called = None
    while frame is not None and not is_shown(frame):
        code = frame.f_code
        if not code.co_filename.startswith(LABORATORY) or code.co_filename.startswith(STANDING_IN):
            if (
                code.co_name in ("_bootstrap", "_bootstrap_inner")
                or code.co_qualname == "Thread.run"
            ):
                return called, None
            called = frame
        frame = frame.f_back
    return (called, frame) if frame is not None else (None, None)


def locals_of(frame: FrameType | None) -> Mapping[str, object]:
    if frame is None:
        return {}
    found = frame.f_locals
    if sys.version_info >= (3, 13) or not frame.f_code.co_flags & CO_OPTIMIZED:
        return found
    # A copy, which the frame keeps; unless it is asked for by the code itself, nobody else has it.
    copy = dict(found)
    if not CALLS_LOCALS.intersection(frame.f_code.co_names):
        found.clear()
    return copy


CALLS_LOCALS = {"locals", "vars", "eval", "exec"}


def locals_named(code: CodeType, instruction: int) -> list[str]:
    """The local variables that the expression names which this instruction is of, in its order."""
    line, last, left, right = next(islice(code.co_positions(), instruction // 2, None))
    if line is None or last is None or left is None or right is None:
        return []
    names: dict[str, None] = {}
    for one in dis.get_instructions(code):
        at = one.positions
        if (
            one.opname.startswith(("LOAD_FAST", "LOAD_DEREF"))
            and at is not None
            and (line, left) <= (at.lineno or 0, at.col_offset or 0)
            and (at.end_lineno or 0, at.end_col_offset or 0) <= (last, right)
        ):
            names.update(dict.fromkeys(one.argval if type(one.argval) is tuple else [one.argval]))
    return list(names)
