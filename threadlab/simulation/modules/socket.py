"""``socket`` as far as connected pairs go: bytes in order, timeouts, end of file, reset.

A pair is that of Linux's ``AF_UNIX``: closing an end whose peer's data was not read resets the
connection, after the data that was sent before.

Taken from the real module: its constants. Refused, when they are asked for: all other names.
"""

import errno
import socket
from collections import deque
from types import ModuleType
from typing import Any, Self

from threadlab.simulation.kernel import Kernel, Task
from threadlab.simulation.modules import STATE

CAPACITY = 65536
"""Bytes that an end holds before who sends to it blocks."""

TAKEN = [name for name in dir(socket) if name.isupper() and isinstance(getattr(socket, name), int)]
IMPLEMENTED = ("error", "getdefaulttimeout", "setdefaulttimeout", "socketpair", "timeout")


def make(kernel: Kernel) -> ModuleType:
    """A ``socket`` whose pairs block tasks of ``kernel``."""
    state: dict[str, Any] = {"default timeout": None, "next number": 3}

    class Socket:
        """An end of a connected pair."""

        def __init__(self) -> None:
            self._peer: Socket | None = None
            self._number: int = state["next number"]
            state["next number"] += 1
            self._timeout: float | None = state["default timeout"]
            self._inbox = bytearray()
            self._eof = False  # nothing more will come into the inbox
            self._reset = False
            self._shut = False  # nothing more may be sent
            self._waiters: deque[Task] = deque()

        # Blocking

        def _wait(self, what: str, deadline: float | None) -> None:
            if self._timeout == 0:
                raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
            task = kernel.current
            self._waiters.append(task)
            if not kernel.park(what, deadline):
                self._waiters.remove(task)
                self._touch()
                raise TimeoutError("timed out")
            self._touch()
            if self._number < 0:
                raise OSError(errno.EBADF, "Bad file descriptor")

        def _deadline(self) -> float | None:
            return None if self._timeout is None else kernel.now + self._timeout

        def _wake(self) -> None:
            if kernel.recorder is not None:
                kernel.recorder.release(self)
            while self._waiters:
                kernel.unpark(self._waiters.popleft())

        def _touch(self) -> None:
            if kernel.recorder is not None:
                kernel.recorder.acquire(self)

        def _check_open(self) -> None:
            if self._number < 0:
                raise OSError(errno.EBADF, "Bad file descriptor")

        # Receiving

        def recv(self, bufsize: int, flags: int = 0) -> bytes:
            self._check_open()
            self._touch()
            if bufsize < 0:
                raise ValueError("negative buffersize in recv")
            deadline = self._deadline()
            while not self._inbox:
                if self._reset:
                    self._reset = False
                    raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
                if self._eof:
                    return b""
                self._wait("data", deadline)
            data = bytes(self._inbox[:bufsize])
            del self._inbox[:bufsize]
            if self._peer is not None:
                self._peer._wake()
            return data

        def recv_into(self, buffer: bytearray | memoryview, nbytes: int = 0, flags: int = 0) -> int:
            view = memoryview(buffer).cast("B")
            data = self.recv(nbytes or len(view))
            view[: len(data)] = data
            return len(data)

        # Sending

        def send(self, data: bytes, flags: int = 0) -> int:
            return self._send(memoryview(data).cast("B"), self._deadline())

        def sendall(self, data: bytes, flags: int = 0) -> None:
            rest, deadline = memoryview(data).cast("B"), self._deadline()
            while rest:
                rest = rest[self._send(rest, deadline) :]

        def _send(self, data: memoryview, deadline: float | None) -> int:
            self._check_open()
            while True:
                peer = self._peer
                if self._shut or peer is None or peer._number < 0:
                    raise BrokenPipeError(errno.EPIPE, "Broken pipe")
                room = CAPACITY - len(peer._inbox)
                if room > 0 or not data:
                    break
                self._wait("room to send", deadline)
            peer._inbox += data[:room]
            peer._wake()
            return min(room, len(data))

        # The end

        def shutdown(self, how: int) -> None:
            self._check_open()
            if self._peer is None:
                raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")
            if how in (socket.SHUT_WR, socket.SHUT_RDWR):
                self._shut = True
                self._peer._eof = True
                self._peer._wake()
            if how in (socket.SHUT_RD, socket.SHUT_RDWR):
                self._eof = True
                self._wake()

        def close(self) -> None:
            if self._number < 0:
                return
            self._number = -1
            peer = self._peer
            if peer is not None:
                peer._eof = True
                peer._reset = peer._reset or bool(self._inbox)
                peer._wake()
            self._wake()

        def detach(self) -> int:
            number, self._number = self._number, -1
            return number

        def fileno(self) -> int:
            return self._number

        # Timeouts

        def settimeout(self, timeout: float | None) -> None:
            self._check_open()
            if timeout is not None and timeout < 0:
                raise ValueError("Timeout value out of range")
            self._timeout = None if timeout is None else float(timeout)

        def gettimeout(self) -> float | None:
            return self._timeout

        def setblocking(self, flag: bool) -> None:
            self.settimeout(None if flag else 0.0)

        def getblocking(self) -> bool:
            return self._timeout != 0

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *exc_info: object) -> None:
            self.close()

    def socketpair(*arguments: object) -> tuple[Socket, Socket]:
        one, other = Socket(), Socket()
        one._peer, other._peer = other, one
        return one, other

    def setdefaulttimeout(timeout: float | None) -> None:
        state["default timeout"] = timeout

    module = ModuleType("socket", "Connected pairs on the virtual clock.")
    for name in TAKEN:
        setattr(module, name, getattr(socket, name))
    vars(module)[STATE] = state
    vars(module).update(
        error=OSError,
        getdefaulttimeout=lambda: state["default timeout"],
        setdefaulttimeout=setdefaulttimeout,
        socketpair=socketpair,
        timeout=TimeoutError,
    )

    def refused(name: str) -> object:
        raise AttributeError(f"cannot be simulated: socket.{name}")

    module.__getattr__ = refused  # type: ignore[method-assign]  # PEP 562
    return module
