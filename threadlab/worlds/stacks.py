"""Where threads are and where they came from, for the messages of the guard and the watchdog."""

import gc
import os
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from types import FrameType

HERE = os.path.dirname(__file__) + os.sep
"""Whose frames say nothing of where a thread is."""

Births = MutableMapping[threading.Thread, traceback.StackSummary]


@contextmanager
def recorded_births() -> Iterator[Births]:
    """Within the block, note for each thread the stack of the ``Thread.start`` that made it.

    ``Thread.start`` is patched meanwhile. An audit hook would see raw threads too, but can
    never be removed.
    """
    births: Births = {}
    start = threading.Thread.start

    def recording_start(self: threading.Thread) -> None:
        births[self] = _extract(sys._getframe(1))
        start(self)

    threading.Thread.start = recording_start  # type: ignore[method-assign]  # put back below
    try:
        yield births
    finally:
        threading.Thread.start = start  # type: ignore[method-assign]  # as it was


def frames() -> dict[int, FrameType]:
    """The present frame of each thread by its ident, those not made by ``threading`` too.

    Without collecting garbage meanwhile: up to CPython 3.11.8 that could block on a
    lock that ``sys._current_frames`` holds, for ever (python/cpython#106883).
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return sys._current_frames()
    finally:
        if collecting:
            gc.enable()


def describe(idents: Iterable[int], births: Births, *, depth: int | None = None) -> str:
    """Name, origin and present stack of each thread in ``idents``, the ``depth`` last frames."""
    threads = {thread.ident: thread for thread in threading.enumerate()}
    now = frames()
    return "\n".join(
        _describe(threads.get(ident), ident, now.get(ident), births, depth)
        for ident in sorted(idents)
    )


def _describe(
    thread: threading.Thread | None,
    ident: int,
    frame: FrameType | None,
    births: Births,
    depth: int | None,
) -> str:
    if thread is None:
        title = f"thread {ident}, not made by threading"
    else:
        title = f"thread {thread.name!r}{', daemon' if thread.daemon else ''}"
    parts = [title + "\n"]
    if thread is not None and (birth := births.get(thread)):
        parts += ["  started at\n", *_indented(birth[-4:])]
    if frame is not None:
        now = _extract(frame)
        parts += ["  is now at\n", *_indented(now if depth is None else now[-depth:])]
    return "".join(parts)


def _indented(stack: Iterable[traceback.FrameSummary]) -> Iterator[str]:
    for text in traceback.StackSummary.from_list(stack).format():
        yield "".join(f"  {line}\n" for line in text.splitlines())


def _extract(frame: FrameType) -> traceback.StackSummary:
    """The stack that ends in ``frame``; its source lines are looked up only if it is shown."""
    stack = [
        traceback.FrameSummary(f.f_code.co_filename, line, f.f_code.co_name, lookup_line=False)
        for f, line in traceback.walk_stack(frame)
        if not f.f_code.co_filename.startswith(HERE)
    ]
    return traceback.StackSummary.from_list(reversed(stack))
