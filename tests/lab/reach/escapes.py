"""Sees what gets out of the simulated world, by what Python itself tells an audit hook.

This is a witness that owes the laboratory nothing: it does not matter by which way a real thread
was reached, through a module that was loaded from the wrong place, through C, or through a
reference that was kept. A hook stays for the life of the process, so it is asked to look only
while something is explored. It does not see a real lock that blocks, of which Python tells
nobody; that shows as a search that does not end.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType

from threadlab.search import watch

BEGINNINGS = (
    *("_thread.start", "os.exec", "os.fork", "os.kill", "os.posix_spawn", "os.spawn", "os.system"),
    *("pty.spawn", "signal.pthread_kill", "socket.", "subprocess.Popen", "time.sleep"),
)
"""How the events begin that tell of threads, processes, sockets, or time that is waited for."""

_seen: set[str] = set()


@cache
def _install() -> None:
    """Once in a process, since a hook cannot be removed."""

    def hook(event: str, _: object) -> None:
        if event.startswith(BEGINNINGS) and not _watches(sys._getframe(1)):
            _seen.add(event)

    sys.addaudithook(hook)


def _watches(frame: FrameType | None) -> bool:
    """Whether it is the thread that looks on, which is real and belongs to the laboratory."""
    while frame is not None and frame.f_code.co_filename != watch.__file__:
        frame = frame.f_back
    return frame is not None


@contextmanager
def escapes() -> Iterator[set[str]]:
    """What gets out within the block."""
    _install()
    seen: set[str] = set()
    _seen.clear()
    try:
        yield seen
    finally:
        seen |= _seen
