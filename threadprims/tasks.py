"""Work that runs anywhere and can be told to stop: ``countdown``, ``CountdownTask``, ``IOTask``.

A task is an object with ``run`` and ``terminate`` and no thread of its own. Inheriting from
``Thread`` would tie it to one way of running; as it is, the same object runs inline, in a
thread, in an executor or under `threadprims.running`. Termination is a request that it looks
at between two pieces of work, so that nothing is torn in the middle.

The request is not a ``threading.Event``, whose ``set`` takes a lock that is not re-entrant: a
signal handler or finaliser that sets it while its own thread is inside it hangs for ever, and
``terminate()`` is just what such code calls. Here it is two lock operations that cannot block.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from threadprims import _arguments


class Signal(Protocol):
    """What a task asks of ``started``: any event, of threads or of processes."""

    def set(self) -> object: ...


class Receiver(Protocol):
    """What `IOTask` asks of a socket."""

    def recv(self, bufsize: int, /) -> bytes: ...
    def settimeout(self, timeout: float | None, /) -> None: ...
    def gettimeout(self) -> float | None: ...


def countdown(
    n: int,
    *,
    interval: float = 1.0,
    started: Signal | None = None,
    emit: Callable[[int], object] = print,
) -> None:
    """Emit ``n, n-1, ..., 1`` (C1), one each ``interval`` seconds.

    Knows nothing of threads: it runs inline, in a thread, in an executor and, being picklable,
    in another process (C4). Calls ``started.set()`` once, before the first emission (C2).
    Emission k falls k intervals after the first; it returns one interval after the last (C3).
    An exception from ``emit`` ends it and propagates (C5).
    Raises `TypeError` or `ValueError` for a wrong argument, before anything is emitted (G3).

    >>> countdown(2, interval=0.001)
    2
    1
    """
    _arguments.kind("emit", emit, callable(emit), "callable")
    interval = _arguments.seconds("interval", interval)
    n = _begin(n, started)
    first = time.monotonic()
    for k in range(n):
        emit(n - k)
        deadline = first + (k + 1) * interval  # from the first, so that errors do not add up
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, threading.TIMEOUT_MAX))


class Terminable:
    """Can be terminated, once and for all."""

    def __init__(self) -> None:
        self._flag = threading.Lock()  # locked: terminated; never released
        self._gate = threading.Lock()  # locked: waiters wait; the first terminate() releases it
        self._gate.acquire()

    @property
    def terminated(self) -> bool:
        """Whether `terminate` has been called; it never goes back (T6)."""
        return self._flag.locked()

    def terminate(self) -> None:
        """Ask every present and later ``run`` to return, and return at once.

        Never blocks and never raises, from any thread, signal handler or finaliser, any
        number of times (T6). Once it has returned, at most one more value is emitted (T3) or
        chunk handled (I7) by a ``run``.
        """
        if self._flag.acquire(blocking=False):
            self._gate.release()

    def _wait_until(self, deadline: float) -> None:
        """Wait until terminated, or until ``deadline``, seconds on the monotonic clock."""
        while not self.terminated and (left := deadline - time.monotonic()) > 0:
            if self._gate.acquire(timeout=min(left, threading.TIMEOUT_MAX)):
                self._gate.release()  # for the next waiter


class CountdownTask(Terminable):
    """A `countdown` that can be terminated.

    ``interval`` is in seconds; ``emit`` is called with each value, in the thread of `run`.
    Raises `TypeError` or `ValueError` for a wrong argument (G3).

    >>> task = CountdownTask(interval=3600, emit=lambda value: task.terminate())
    >>> task.run(10)
    9
    """

    def __init__(self, *, interval: float = 1.0, emit: Callable[[int], object] = print) -> None:
        super().__init__()
        _arguments.kind("emit", emit, callable(emit), "callable")
        self._emit = emit
        self._interval = _arguments.seconds("interval", interval)

    def run(self, n: int, *, started: Signal | None = None) -> int:
        """Count down from ``n`` as `countdown` does; return how many values were left.

        0 if never terminated (T1). What was emitted is a prefix of ``n, ..., 1`` (T2). Returns
        at once when terminated, in the middle of an interval too (T4); terminated beforehand,
        it sets ``started``, emits nothing and returns ``n`` (T5). Runs in any thread (T7).
        """
        left = n = _begin(n, started)
        first = time.monotonic()
        while left and not self.terminated:
            self._emit(left)
            left -= 1
            self._wait_until(first + (n - left) * self._interval)
        return left


class IOTask(Terminable):
    """Hands what a socket receives to ``handle``, until the peer closes or it is terminated.

    ``timeout`` is how long, in seconds, a silent peer can delay termination; ``bufsize`` is
    the most bytes that ``handle`` gets at a time.
    Raises `TypeError` or `ValueError` for a wrong argument (G3).

    >>> import socket
    >>> ours, peer = socket.socketpair()
    >>> with ours, peer:
    ...     peer.sendall(b"hello")
    ...     peer.shutdown(socket.SHUT_WR)
    ...     IOTask(print).run(ours)
    b'hello'
    """

    def __init__(
        self, handle: Callable[[bytes], object], *, timeout: float = 5.0, bufsize: int = 8192
    ) -> None:
        super().__init__()
        _arguments.kind("handle", handle, callable(handle), "callable")
        self._handle = handle
        self._timeout = min(_arguments.seconds("timeout", timeout), threading.TIMEOUT_MAX)
        self._bufsize = _arguments.count("bufsize", bufsize, least=1)

    def run(self, sock: Receiver, *, started: Signal | None = None) -> None:
        """Handle every chunk that ``sock`` receives, in order, none lost, none doubled (I1).

        Returns when the peer has closed its side (I2), and within one timeout of `terminate`
        (I3, I4); what has been received by then is handled (I8). An exception from ``handle``
        or from the socket propagates (I6). The socket is left open, with the timeout that it
        came with (I5).
        """
        _arguments.methods("sock", sock, "recv", "settimeout", "gettimeout")
        _begin(0, started)
        before = sock.gettimeout()
        try:
            sock.settimeout(self._timeout)
            while not self.terminated:
                try:
                    chunk = sock.recv(self._bufsize)
                except TimeoutError as error:
                    # A poll that ran out has no errno. ETIMEDOUT, of the same class, says that
                    # the connection is lost: polling on would make it look closed.
                    if error.errno is not None:
                        raise
                    continue
                if not chunk:
                    return
                self._handle(chunk)
        finally:
            with suppress(OSError):  # a socket that was closed has no timeout to restore
                sock.settimeout(before)


def _begin(n: int, started: Signal | None) -> int:
    """Check the arguments that every ``run`` has, then signal."""
    n = _arguments.count("n", n)
    if started is not None:
        _arguments.methods("started", started, "set")
        started.set()
    return n
