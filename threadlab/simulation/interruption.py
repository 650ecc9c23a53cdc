"""Ctrl-C while simulated code runs: it must end, whatever it catches, and never look like a result.

An exception in place of the next line, which is what Python makes of Ctrl-C, ends code that makes
no steps; but a program may catch it, or the garbage collector, and then nobody knows. So it is
noted as well, the execution is told to end at its next step, and at its end the block raises,
whatever came of it.

Where the garbage collector calls Python, it would print the exception as one that it ignores, and
what it has called would be cut short. There nothing is raised: what is noted has to do.
"""

import gc
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType

from threadlab.errors import Interrupted

_stops: list[Callable[[], None]] = []
"""How to end what runs at present, a block within another being the later."""

_noted = False


class interruptible:  # noqa: N801  # reads as a function
    """Within the block, Ctrl-C calls ``stop`` and raises `Interrupted`, as does the block's end.

    Only in the main thread, since no other is told; and not if the process ignores Ctrl-C.
    """

    def __init__(self, stop: Callable[[], None] = lambda: None) -> None:
        self._stop = stop

    def __enter__(self) -> None:
        global _noted
        self._before = None
        self._here = threading.get_ident() == threading.main_thread().ident
        if not self._here:
            return
        outermost = not _stops
        _stops.append(self._stop)
        if outermost:
            _noted = False
            before = signal.getsignal(signal.SIGINT)
            if callable(before):  # or else it is ignored, or not of Python
                self._before = before
                signal.signal(signal.SIGINT, _interrupt)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._here:
            return
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        _stops.pop()
        if _noted and not isinstance(error, Interrupted):
            raise Interrupted from None


def _interrupt(number: int, frame: FrameType | None) -> None:
    global _noted
    _noted = True
    for stop in _stops:
        stop()
    if not _called_by_the_collector(frame):
        raise Interrupted


def _called_by_the_collector(frame: FrameType | None) -> bool:
    callbacks = {getattr(callback, "__code__", None) for callback in gc.callbacks}
    while frame is not None:
        if frame.f_code in callbacks:
            return True
        frame = frame.f_back
    return False


def forget() -> None:
    """What has been noted was no Ctrl-C."""
    global _noted
    _noted = False
