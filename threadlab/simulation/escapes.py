"""Whatever gets out of the simulated world all the same is seen, and ends the search.

The world is closed by its modules, and a way past them may always be left: a reference that was
kept from before, code in C. Python tells an audit hook of threads that are started, of sleeping, of
sockets and processes. A hook stays for the life of the process, so there is one for all worlds,
which looks only at the thread in which an execution runs.

It is not told of a real lock that blocks, nor before 3.13 of a sleep: see `threadlab.search.watch`.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

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


class _Executing(threading.local):
    kernel: Kernel | None = None


_executing = _Executing()


def _hook(event: str, arguments: object) -> None:
    kernel = _executing.kernel
    if kernel is not None and (event.startswith(BEGINNINGS) or _is_outside(event)):
        if sys._getframe(1).f_code.co_filename.startswith(LABORATORY):
            return  # a fake, which asks the real function for what does not get out
        kernel.refuse(f"the real {event} was reached, and cannot be simulated")


def _is_outside(event: str) -> bool:
    """Whether it is one of `OF_PYTHON`, and told by a module of the process."""
    if event not in OF_PYTHON:
        return False
    names = sys._getframe(2).f_globals
    return names is not vars(sys.modules.get(names["__name__"], sys))


@cache
def _install() -> None:
    """Once in a process, since a hook cannot be removed."""
    sys.addaudithook(_hook)


@contextmanager
def watched(kernel: Kernel | None) -> Iterator[None]:
    """Within the block, nothing gets out of the world of ``kernel``; of none, everything may."""
    _install()
    before, _executing.kernel = _executing.kernel, kernel
    try:
        yield
    finally:
        _executing.kernel = before
