"""``select`` over simulated descriptors: who waits is woken when one of them is ready, or by time.

``select``, ``poll`` and ``epoll`` are one thing: the files' `events` are asked, and if none of them
is what is waited for, the task is parked until a signal of one of them is given. An ``epoll`` is a
file itself, and knows files, not numbers: who closes a file takes it out, and a number that is
used again is another's. It is level-triggered, or one-shot; edges are refused.

On descriptors of the operating system all of this is refused: they are ready when the system says
so, in no time that is simulated. ``kqueue`` is absent, and what prefers it takes another.
"""

import errno
import math
import select
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, Self

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.network import FIRST, IN, OUT, File, Network, Signal, failed, network_of

TAKEN = (*(name for name in dir(select) if isinstance(getattr(select, name), int)), "error")
REFUSED = ("devpoll", "kevent", "kqueue")

ALWAYS = select.POLLERR | select.POLLHUP | select.POLLNVAL
"""What is told even if nobody asked for it."""

EXCEPTIONAL = select.POLLPRI
ONE_SHOT = getattr(select, "EPOLLONESHOT", 0)
EDGES = getattr(select, "EPOLLET", 0)

Look = Callable[[], list[Any]]


def number_of(thing: Any) -> int:
    """The descriptor that ``thing`` is, or has. Raises what the real functions raise."""
    if not isinstance(thing, int):
        fileno = getattr(thing, "fileno", None)
        if fileno is None:
            raise TypeError("argument must be an int, or have a fileno() method.")
        thing = fileno()
        if not isinstance(thing, int):
            raise TypeError("fileno() returned a non-integer")
    if thing < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({thing})")
    return thing


def make(kernel: Kernel) -> ModuleType:
    """A ``select`` that waits for the simulated network of ``kernel``."""
    network = network_of(kernel)
    module = ModuleType("select", "Waiting for simulated descriptors.")
    for name in TAKEN:
        setattr(module, name, getattr(select, name))

    def find(number: int) -> File:
        """What that descriptor stands for, if it is simulated."""
        if number < FIRST:
            kernel.refuse(
                f"select on descriptor {number} cannot be simulated: it is the operating system's"
            )
        return network.find(number)

    def select_(
        rlist: Iterable[Any],
        wlist: Iterable[Any],
        xlist: Iterable[Any],
        timeout: float | None = None,
        /,
    ) -> tuple[list[Any], list[Any], list[Any]]:
        if timeout is not None and timeout < 0:
            raise ValueError("timeout must be non-negative")
        wanted = [
            (thing, index, find(number_of(thing)))
            for index, things in enumerate((rlist, wlist, xlist))
            for thing in things
        ]
        masks = IN | ALWAYS, OUT | select.POLLERR, EXCEPTIONAL

        def look() -> list[Any]:
            return [(i, thing) for thing, i, file in wanted if file.events() & masks[i]]

        ready = _wait(network, look, lambda: [file for *_, file in wanted], timeout)
        reads, writes, others = ([t for i, t in ready if i == index] for index in range(3))
        return reads, writes, others

    vars(module)["select"] = select_
    if hasattr(select, "poll"):
        vars(module)["poll"] = lambda: _Poll(network, find)
    if hasattr(select, "epoll"):
        vars(module)["epoll"] = _epoll_class(network, find)
    return module


def _wait(
    network: Network, look: Look, files: Callable[[], list[File]], timeout: float | None
) -> list[Any]:
    """What ``look`` finds, now or when one of ``files`` changes; nothing after ``timeout``."""
    kernel = network.kernel
    deadline = None if timeout is None else kernel.now + timeout
    while not (found := look()):
        if timeout == 0:
            break
        waited_for = files()
        signals = dict.fromkeys(signal for file in waited_for for signal in file.signals())
        with network.using(waited_for):
            if not network.wait(signals, "a descriptor to be ready", deadline):
                return look()
    return found


class _Poll:
    """``select.poll()``."""

    def __init__(self, network: Network, find: Callable[[int], File]) -> None:
        self._network = network
        self._find = find
        self._wanted: dict[int, int] = {}

    def register(self, fd: Any, eventmask: int = IN | EXCEPTIONAL | OUT, /) -> None:
        self._wanted[number_of(fd)] = eventmask

    def modify(self, fd: Any, eventmask: int, /) -> None:
        number = number_of(fd)
        if number not in self._wanted:
            failed(errno.ENOENT)
        self._wanted[number] = eventmask

    def unregister(self, fd: Any, /) -> None:
        del self._wanted[number_of(fd)]

    def poll(self, timeout: float | None = None, /) -> list[tuple[int, int]]:
        """In milliseconds."""
        files: list[tuple[int, int, File | None]] = []
        for number, mask in self._wanted.items():
            try:
                files.append((number, mask | ALWAYS, self._find(number)))
            except OSError:
                files.append((number, ALWAYS, None))

        def look() -> list[tuple[int, int]]:
            return [
                (number, events)
                for number, mask, file in files
                if (events := (select.POLLNVAL if file is None else file.events()) & mask)
            ]

        seconds = None if timeout is None or timeout < 0 else math.ceil(timeout) / 1000
        return _wait(self._network, look, lambda: [f for *_, f in files if f is not None], seconds)


class _Epoll(File):
    """What the descriptor of an ``epoll`` stands for: the files by their numbers, with masks."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self.wanted: dict[int, tuple[int, File]] = {}

    def open_ones(self) -> list[tuple[int, int, File]]:
        """Those that have not been closed."""
        return [(n, mask, file) for n, (mask, file) in self.wanted.items() if file.references]

    def found(self) -> list[tuple[int, int]]:
        self.incoming.seen()
        return [
            (number, events)
            for number, mask, file in self.open_ones()
            if mask & ~ONE_SHOT and (events := file.events() & (mask | ALWAYS))
        ]

    def events(self) -> int:
        return IN if self.found() else 0

    def signals(self) -> Iterable[Signal]:
        return [self.incoming, *(s for *_, file in self.open_ones() for s in file.signals())]


def _epoll_class(network: Network, find: Callable[[int], File]) -> Any:
    """The class ``epoll``."""
    kernel = network.kernel

    class Epoll:
        """A set of descriptors of which one is waited for."""

        def __init__(self, sizehint: int = -1, flags: int = 0) -> None:
            self._file = _Epoll(network)
            self._number = network.open(self._file)

        @classmethod
        def fromfd(cls, fd: int, /) -> Self:
            kernel.refuse("select.epoll.fromfd cannot be simulated")

        def _open(self) -> _Epoll:
            if self._number < 0:
                raise ValueError("I/O operation on closed epoll object")
            network.find(self._number)
            return self._file

        def register(self, fd: Any, eventmask: int = IN | EXCEPTIONAL | OUT) -> None:
            number, wanted = number_of(fd), self._open().wanted
            file = find(number)
            if number in wanted and wanted[number][1] is file:
                failed(errno.EEXIST)
            self._want(number, eventmask, file)

        def modify(self, fd: Any, eventmask: int) -> None:
            number = number_of(fd)
            self._want(number, eventmask, self._registered(number))

        def unregister(self, fd: Any) -> None:
            number = number_of(fd)
            self._registered(number)
            del self._file.wanted[number]

        def _registered(self, number: int) -> File:
            wanted, file = self._open().wanted, find(number)
            if number not in wanted or wanted[number][1] is not file:
                failed(errno.ENOENT)
            return file

        def _want(self, number: int, mask: int, file: File) -> None:
            if mask & EDGES:
                kernel.refuse("select.EPOLLET cannot be simulated: only levels are, not edges")
            self._file.wanted[number] = mask, file
            self._file.incoming.give()  # whoever waits already waits for this as well

        def poll(self, timeout: float | None = None, maxevents: int = -1) -> list[tuple[int, int]]:
            """In seconds."""
            file = self._open()
            if maxevents == 0 or maxevents < -1:
                raise ValueError(f"maxevents must be greater than 0, got {maxevents}")
            seconds = None if timeout is None or timeout < 0 else math.ceil(timeout * 1000) / 1000
            found = _wait(network, file.found, lambda: [file], seconds)
            if maxevents > 0:
                found = found[:maxevents]
            for number, _ in found:
                mask, other = file.wanted[number]
                if mask & ONE_SHOT:
                    file.wanted[number] = ONE_SHOT, other
            return found

        def close(self) -> None:
            if self._number >= 0:
                number, self._number = self._number, -1
                network.close(number)

        @property
        def closed(self) -> bool:
            return self._number < 0

        def fileno(self) -> int:
            self._open()
            return self._number

        def __enter__(self) -> Self:
            self._open()
            return self

        def __exit__(self, *exc_info: object) -> None:
            self.close()

        def __del__(self) -> None:
            if self._number >= 0 and network.has(self._number, self._file):
                self.close()

    Epoll.__name__ = Epoll.__qualname__ = "epoll"
    Epoll.__module__ = "select"
    return Epoll
