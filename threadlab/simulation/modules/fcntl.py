"""``fcntl``: locks of files that are real and block for real are waited for on the virtual clock.

Who holds such a lock is another thread of the program, or it would not be waited for in an
execution; it gives it back here, or closes the file, which is not seen here. So it is tried again
and again. Descriptors that are simulated are not known to the real ``fcntl``; of these it is asked
and told what ``os`` can do as well.
"""

import errno
import fcntl
import importlib
import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import stand_in

REFUSED: tuple[str, ...] = ()
TAKEN = tuple(name for name in dir(fcntl) if name not in ("fcntl", "flock", "lockf"))

PAUSE = 0.01
"""Seconds until a lock is tried again."""


def make(kernel: Kernel) -> ModuleType:
    """An ``fcntl`` that blocks tasks of ``kernel``."""

    def waiting(lock: Callable[..., Any]) -> Callable[..., Any]:
        def wait(fd: Any, operation: int, /, *rest: Any) -> Any:
            if operation & (fcntl.LOCK_NB | fcntl.LOCK_UN):
                return lock(fd, operation, *rest)
            while True:
                try:
                    return lock(fd, operation | fcntl.LOCK_NB, *rest)
                except BlockingIOError:
                    kernel.park("a lock of a file", kernel.now + PAUSE)

        return wait

    def fcntl_(fd: Any, cmd: int, arg: Any = 0, /) -> Any:
        try:
            return fcntl.fcntl(fd, cmd, arg)
        except OSError as error:
            if error.errno != errno.EBADF:
                raise
        return _of_the_world(fd if isinstance(fd, int) else fd.fileno(), cmd, arg)

    return stand_in(
        kernel,
        fcntl,
        REFUSED,
        "",
        fcntl=fcntl_,
        flock=waiting(fcntl.flock),
        lockf=waiting(fcntl.lockf),
    )


def _of_the_world(fd: int, cmd: int, arg: Any) -> int:
    world: Any = importlib.import_module("os")
    if cmd == fcntl.F_GETFL:
        return os.O_RDWR | (0 if world.get_blocking(fd) else os.O_NONBLOCK)
    if cmd == fcntl.F_GETFD:
        return 0 if world.get_inheritable(fd) else fcntl.FD_CLOEXEC
    if cmd == fcntl.F_SETFL:
        world.set_blocking(fd, not arg & os.O_NONBLOCK)
    elif cmd == fcntl.F_SETFD:
        world.set_inheritable(fd, not arg & fcntl.FD_CLOEXEC)
    else:
        world.fstat(fd)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return 0
