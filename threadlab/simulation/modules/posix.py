"""``posix``: pipes are simulated, files are real, processes are refused when they are called.

CPython's own ``os.py`` stands on it. What takes a descriptor looks at its number: that of the
simulated network is the network's, and any other the operating system's. What would have an
execution depend on the machine, and does not come from its files, is the same in each: random
bytes, the number of processors, times.
"""

import errno
import importlib
import os
import posix
import sys
from collections.abc import Callable
from importlib.abc import Loader
from importlib.util import module_from_spec
from random import Random
from types import ModuleType
from typing import Any, NoReturn, cast

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import STATE
from threadlab.simulation.network import (
    ATOMIC,
    FIRST,
    PipeEnd,
    Stream,
    failed,
    network_of,
)

LEAVING = {
    "it leaves the process": (
        *("_exit", "abort", "exec", "fork", "kill", "pidfd_send", "popen", "posix_spawn"),
        *("spawn", "system"),
    ),
    "it waits for the operating system": (
        *("eventfd", "lockf", "mkfifo", "openpty", "posix_openpt", "splice", "timerfd"),
    ),
}
"""Why what is refused is, and how its names begin."""

WAITING = ("wait", "wait3", "wait4", "waitid", "waitpid")
"""What waits for a child of the process. None can be begun, so there is none."""

PROCESSORS = 4

IMPLEMENTED = (
    *("close", "closerange", "dup", "dup2", "fpathconf", "fstat", "get_blocking"),
    *("get_inheritable", "isatty", "lseek", "pipe", "pipe2", "read", "readv", "sendfile"),
    *("set_blocking", "set_inheritable", "write", "writev"),  # what takes descriptors
    *("chmod", "lstat", "remove", "stat", "unlink"),  # what takes paths
    *("cpu_count", "environ", "getrandom", "putenv", "register_at_fork", "sched_getaffinity"),
    *("sched_yield", "times", "unsetenv", "urandom"),  # what asks the machine
    *WAITING,
    "pidfd_open",
)
REFUSED: tuple[str, ...] = ()
"""All that the real one has is there, and what is not implemented or refused is its own."""


def make(kernel: Kernel) -> ModuleType:
    """A ``posix`` whose pipes block tasks of ``kernel``."""
    state = network_of(kernel).state
    # One of C and no empty one: what makes a `stat_result` looks into the module of that name.
    spec = posix.__spec__
    assert spec is not None
    module = module_from_spec(spec)
    cast(Loader, spec.loader).exec_module(module)
    vars(module).update(
        {name: value for name, value in vars(posix).items() if not name.startswith("__")}
    )
    replaced = {**_descriptors(kernel), **_paths(kernel), **_machine(kernel)}
    vars(module).update({name: replaced[name] for name in replaced if hasattr(posix, name)})
    for name in dir(posix):
        for why, beginnings in LEAVING.items():
            if name.startswith(beginnings) and name not in replaced:
                vars(module)[name] = _refusal(kernel, name, why)
    vars(module)["environ"] = dict(os.environb)
    vars(module)[STATE] = state
    return module


def _refusal(kernel: Kernel, name: str, why: str) -> Callable[..., Any]:
    def refused(*args: object, **kwargs: object) -> None:
        kernel.refuse(f"os.{name} cannot be simulated: {why}")

    return refused


def _machine(kernel: Kernel) -> dict[str, Any]:
    """What asks the machine, or changes the process."""
    state = network_of(kernel).state

    def urandom(size: int, /) -> bytes:
        if size < 0:
            raise ValueError("negative argument not allowed")
        state["drawn"] = state.get("drawn", 0) + 1
        return Random(state["drawn"]).randbytes(size)

    def kill(pid: int, signal: int, /) -> None:
        if pid != posix.getpid():
            kernel.refuse("os.kill cannot be simulated: it is about another process")
        if signal:
            importlib.import_module("_signal").raise_signal(signal)  # that of the world

    def times() -> Any:
        return posix.times_result((kernel.now, 0.0, 0.0, 0.0, kernel.now))

    def nothing(*args: object, **kwargs: object) -> None:
        return None

    def no_child(*args: object, **kwargs: object) -> NoReturn:
        raise failed(errno.ECHILD)

    def no_pidfd(*args: object, **kwargs: object) -> NoReturn:
        raise failed(errno.ENOSYS)  # as from a system without them: asyncio tries

    return {
        **dict.fromkeys(WAITING, no_child),
        "pidfd_open": no_pidfd,
        "cpu_count": lambda: PROCESSORS,
        "getrandom": lambda size, flags=0: urandom(size),
        "kill": kill,
        "putenv": nothing,
        "register_at_fork": nothing,
        "sched_getaffinity": lambda pid, /: set(range(PROCESSORS)),
        "sched_yield": kernel.pause,
        "times": times,
        "unsetenv": nothing,
        "urandom": urandom,
    }


def _paths(kernel: Kernel) -> dict[str, Any]:
    """What takes a path, which may be that of a Unix socket."""
    network = network_of(kernel)
    fstat = _descriptors(kernel)["fstat"]

    def named(path: Any) -> bytes | None:
        """``path`` in full, if a Unix socket has it."""
        if isinstance(path, int) or not network.occupied:
            return None
        full = os.path.join(os.getcwdb(), os.fsencode(path))
        return full if network.named(full) else None

    def stat_(path: Any, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> Any:
        if isinstance(path, int):
            return fstat(path)
        if named(path) is not None:
            return _status(Stream.mode, 0)
        return posix.stat(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)

    def lstat(path: Any, *, dir_fd: int | None = None) -> Any:
        return stat_(path, dir_fd=dir_fd, follow_symlinks=False)

    def unlink(path: Any, *, dir_fd: int | None = None) -> None:
        full = named(path)
        if full is None:
            posix.unlink(path, dir_fd=dir_fd)
        else:
            network.unlink(full)

    def chmod(path: Any, mode: int, **more: Any) -> None:
        if named(path) is None:
            posix.chmod(path, mode, **more)

    return {"chmod": chmod, "lstat": lstat, "remove": unlink, "stat": stat_, "unlink": unlink}


def _status(mode: int, number: int) -> Any:
    parts = (mode, number, 0, 1, posix.getuid(), posix.getgid(), 0, 0, 0, 0)
    in_place = sys.modules["posix"]
    sys.modules["posix"] = posix  # where its C looks for what it is to be made of
    try:
        return posix.stat_result(parts)
    finally:
        sys.modules["posix"] = in_place


def _descriptors(kernel: Kernel) -> dict[str, Any]:
    """What takes or gives descriptors, by the names in ``posix``."""
    network = network_of(kernel)

    def pipe2(flags: int, /) -> tuple[int, int]:
        ends = network.pipe()
        for end in ends:
            end.blocking = not flags & posix.O_NONBLOCK
        reader, writer = (network.open(end) for end in ends)
        return reader, writer

    def read(fd: int, length: int, /) -> bytes:
        if fd >= FIRST:
            if length < 0:
                failed(errno.EINVAL)
            return network.read(network.find(fd), length)
        if fd == 0:
            kernel.refuse("os.read(0) cannot be simulated: it reads standard input")
        return posix.read(fd, length)

    def readv(fd: int, buffers: Any, /) -> int:
        if fd < FIRST:
            return posix.readv(fd, buffers)
        views = [memoryview(buffer).cast("B") for buffer in buffers]
        data = rest = read(fd, sum(map(len, views)))
        for view in views:
            part, rest = rest[: len(view)], rest[len(view) :]
            view[: len(part)] = part
        return len(data)

    def write(fd: int, data: Any, /) -> int:
        if fd < FIRST:
            return posix.write(fd, data)
        return network.write(network.find(fd), memoryview(data).cast("B"))

    def writev(fd: int, buffers: Any, /) -> int:
        if fd < FIRST:
            return posix.writev(fd, buffers)
        return write(fd, b"".join(bytes(memoryview(buffer).cast("B")) for buffer in buffers))

    def close(fd: int) -> None:
        if fd < FIRST:
            posix.close(fd)
        elif kernel.running:
            network.close(fd)
        else:
            network.enter()
            if fd in network.files:  # or else who closes it has outlived its execution
                network.close(fd)

    def closerange(low: int, high: int, /) -> None:
        posix.closerange(min(low, FIRST), min(high, FIRST))
        for fd in [fd for fd in network.files if low <= fd < high]:
            network.close(fd)

    def dup(fd: int, /) -> int:
        return posix.dup(fd) if fd < FIRST else network.open(network.find(fd))

    def dup2(fd: int, fd2: int, inheritable: bool = True) -> int:
        if fd < FIRST and fd2 < FIRST:
            return posix.dup2(fd, fd2, inheritable)
        if fd < FIRST or fd2 < FIRST:
            kernel.refuse(
                "os.dup2 cannot be simulated: one descriptor is the operating system's, "
                "the other is not"
            )
        file = network.find(fd)
        if fd != fd2:
            if fd2 in network.files:
                network.close(fd2)
            network.open(file, fd2)
        return fd2

    def fstat(fd: int) -> Any:
        return posix.fstat(fd) if fd < FIRST else _status(network.find(fd).mode, fd)

    def set_blocking(fd: int, blocking: bool, /) -> None:
        if fd < FIRST:
            posix.set_blocking(fd, blocking)
        else:
            network.find(fd).blocking = bool(blocking)

    def get_blocking(fd: int, /) -> bool:
        return posix.get_blocking(fd) if fd < FIRST else network.find(fd).blocking

    def set_inheritable(fd: int, inheritable: bool, /) -> None:
        if fd < FIRST:
            posix.set_inheritable(fd, inheritable)
        else:
            network.find(fd)

    def get_inheritable(fd: int, /) -> bool:
        return posix.get_inheritable(fd) if fd < FIRST else network.find(fd) is None

    def isatty(fd: int, /) -> bool:
        return fd < FIRST and posix.isatty(fd)

    def lseek(fd: int, position: int, whence: int, /) -> int:
        if fd < FIRST:
            return posix.lseek(fd, position, whence)
        network.find(fd)
        return failed(errno.ESPIPE)

    def fpathconf(fd: int, name: Any, /) -> int:
        if fd < FIRST:
            return posix.fpathconf(fd, name)
        if isinstance(network.find(fd), PipeEnd) and name in ("PC_PIPE_BUF", "PIPE_BUF"):
            return ATOMIC
        return failed(errno.EINVAL)

    def sendfile(out_fd: int, in_fd: int, *rest: Any, **more: Any) -> int:
        if out_fd < FIRST and in_fd < FIRST:
            return posix.sendfile(out_fd, in_fd, *rest, **more)
        return failed(errno.EINVAL)  # as from a file that has none; who calls it sends itself then

    return {
        "close": close,
        "closerange": closerange,
        "dup": dup,
        "dup2": dup2,
        "fpathconf": fpathconf,
        "fstat": fstat,
        "get_blocking": get_blocking,
        "get_inheritable": get_inheritable,
        "isatty": isatty,
        "lseek": lseek,
        "pipe": lambda: pipe2(0),
        "pipe2": pipe2,
        "read": read,
        "readv": readv,
        "sendfile": sendfile,
        "set_blocking": set_blocking,
        "set_inheritable": set_inheritable,
        "write": write,
        "writev": writev,
    }
