"""Whatever gets out of the simulated world all the same is seen, and ends the search.

The world is closed by its modules, and a way past them may always be left: a reference that was
kept from before, code in C. Python tells an audit hook of threads that are started, of sleeping, of
sockets and processes. A hook stays for the life of the process, so there is one for all worlds,
which looks only at the thread in which an execution runs.

It is not told of a real lock that blocks, nor before 3.13 of a sleep: see `threadlab.search.watch`.
Of threads it is told from 3.12 on.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from sys import addaudithook  # not what a program has in its place
from types import FrameType

from threadlab.executing import Hook
from threadlab.executing import executing as _executing
from threadlab.simulation.frames import LABORATORY
from threadlab.simulation.kernel import Kernel

BEGINNINGS = (
    *("_thread.start", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile"),
    *("os.system", "signal.pthread_kill", "socket.__new__", "socket.bind", "socket.connect"),
    *("socket.getaddrinfo", "socket.gethostby", "socket.getnameinfo", "socket.send", "time.sleep"),
)
"""How the events begin that tell of threads, processes, sockets, or time that is waited for."""

OF_PYTHON = ("pty.spawn", "subprocess.Popen")
"""Events that code in Python tells of, also in a world of its own, where it then calls a fake."""


THROWN = ("ctypes.dlsym", "PyThreadState_SetAsyncExc")
"""The event that tells that a function of C is looked up, and the one that throws into a thread."""


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event == "builtins.id":  # of which there are hundreds in an execution
        return
    kernel = _executing.kernel
    if kernel is None:
        return
    gets_out = event.startswith(BEGINNINGS) or event in OF_PYTHON
    if not (gets_out or event == THROWN[0] or _executing.hooks):
        return
    _executing.kernel = None  # to look at frames is told as well
    try:
        frame = sys._getframe(1)
        if frame.f_code.co_filename.startswith(LABORATORY):
            return  # a fake may ask the real function for what does not get out
        gets_out = gets_out and not _is_of_the_world(event, frame)
    finally:
        _executing.kernel = kernel
    if event == THROWN[0] and THROWN[1] in arguments:
        kernel.refuse("to throw an exception into another thread cannot be simulated")
    if gets_out:
        kernel.refuse(f"the real {event} was reached, and cannot be simulated")
    hooks, _executing.hooks = _executing.hooks, ()  # what they do is not told them
    try:
        for hook in hooks:
            hook(event, arguments)
    finally:
        _executing.hooks = hooks


def _is_of_the_world(event: str, frame: FrameType) -> bool:
    """Whether it is one of `OF_PYTHON`, and told by a module of the world that is in place."""
    names = frame.f_globals
    return event in OF_PYTHON and names is vars(sys.modules.get(names["__name__"], sys))


@cache
def _install() -> None:
    """Once in a process, since a hook cannot be removed."""
    addaudithook(_hook)


@contextmanager
def watched(kernel: Kernel | None, hooks: Sequence[Hook] = ()) -> Iterator[None]:
    """Within the block, nothing gets out of the world of ``kernel``; of none, everything may.

    ``hooks`` are called for what is not refused, unless the laboratory itself does it.
    """
    _install()
    before = _executing.kernel, _executing.hooks
    _executing.kernel, _executing.hooks = kernel, hooks
    try:
        yield
    finally:
        _executing.kernel, _executing.hooks = before
