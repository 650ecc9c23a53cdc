"""The simulated network and its file descriptors: what ``_socket``, ``select`` and pipes stand on.

The machine has a loopback interface, names of Unix sockets that are no files, and pipes; nothing
leads out of it. It behaves as Linux does, where systems differ: whoever closes a socket does not
wake who is blocked in it, and a connection that is closed before all was read is reset.

What a descriptor stands for is a `File`, in the sense of POSIX: ``dup`` makes a second descriptor
of the same one, and it is closed when the last is, and nobody is blocked in it any longer. Its
methods never block. They say `None` where they would; then `Network.wait` parks the task until one
of the file's two signals is given, and it is tried anew.

Descriptors have numbers from `FIRST` on. That is an ``int`` of C, as all that takes a descriptor
expects; and no real one can be as high, since the table of them would take gigabytes. So what was
not simulated fails with ``EBADF``, and does not read another file. The lowest free number is the
next, as in POSIX: a program that closes one twice closes another's, here as there.

Sockets and pipes may be made at the import of a module, and each execution finds those as they
were then (`Network.enter`).
"""

import errno
import itertools
import os
import select
import socket
import stat
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar, cast

from threadlab.simulation.kernel import Kernel, Task

T = TypeVar("T")

FIRST = 1_000_000_000
"""The lowest number of a simulated descriptor."""

CAPACITY = 65536
"""Bytes that wait to be read before who writes blocks."""

ATOMIC = 4096
"""As many bytes are written to a pipe as a whole or not at all."""

LONGEST: dict[int, int] = {socket.AF_INET: 65507, socket.AF_INET6: 65527, socket.AF_UNIX: 212_960}
"""Bytes of a datagram."""

FIRST_PORT = 49152
"""The first of the ports that are given to who asks for none in particular."""

TIME_WAIT = 60.0
"""Seconds for which the port of a connection is in use after who closed it first."""

IN, OUT, ERROR, HANG_UP = select.POLLIN, select.POLLOUT, select.POLLERR, select.POLLHUP
READ_HANG_UP = getattr(select, "POLLRDHUP", 0)

NOWHERE = ("0.0.0.0", "::")
"""Hosts that stand for all of a machine's addresses."""

INET = (socket.AF_INET, socket.AF_INET6)

Address = Any
"""``(host, port)`` and what IPv6 has beside; or the path of a Unix socket, in bytes."""


def failed(number: int) -> NoReturn:
    """Raise the `OSError` of that ``errno``."""
    raise OSError(number, os.strerror(number))


class Signal:
    """Something that tasks wait for: bytes, room for them, a connection."""

    def __init__(self, network: "Network") -> None:
        self._kernel = network.kernel
        self.waiters: deque[Task] = deque()
        network.made(self)

    def give(self) -> None:
        """Something has changed: who waits is to try anew, and who sees it knows why."""
        if self._kernel.recorder is not None:
            self._kernel.recorder.release(self)
        while self.waiters:
            self._kernel.unpark(self.waiters.popleft())

    def seen(self) -> None:
        """The running task looks at what was given."""
        if self._kernel.recorder is not None:
            self._kernel.recorder.acquire(self)


class File:
    """What descriptors stand for. ``incoming`` is what readers wait for, ``outgoing`` writers."""

    mode = 0
    """What ``fstat`` says that it is."""

    def __init__(self, network: "Network") -> None:
        self.network = network
        self.references = 0
        self.blocking = True
        self.incoming = Signal(network)
        self.outgoing = Signal(network)
        network.made(self)

    def events(self) -> int:
        """What ``poll`` says of it."""
        return 0

    def signals(self) -> "Iterable[Signal]":
        """Those of which one is given when `events` changes."""
        return self.incoming, self.outgoing

    def take(self, size: int, peek: bool = False) -> bytes | None:
        """What there is to read; nothing at its end."""
        failed(errno.EINVAL)

    def receive(self, size: int, peek: bool = False) -> tuple[bytes, Address] | None:
        """The same, and who sent it, if that is known."""
        data = self.take(size, peek)
        return None if data is None else (data, None)

    def put(self, data: memoryview) -> int | None:
        """How many bytes have been written."""
        failed(errno.EINVAL)

    def room_at(self) -> Signal:
        """What who writes and has no room waits for."""
        return self.outgoing

    def close(self) -> None:
        """Nobody uses it any longer."""

    def drop(self) -> None:
        """One use less."""
        self.references -= 1
        if not self.references:
            self.close()


class Ended(File):
    """What bytes come out of, go into, or both. Two of them are each other's ``peer``.

    ``read_shut``: no more bytes will come, ``write_shut``: no more may be written.
    """

    def __init__(self, network: "Network") -> None:
        super().__init__(network)
        self.inbox = bytearray()
        self.peer: Ended | None = None
        self.read_shut = self.write_shut = False
        self.error = 0  # to be raised, once

    def take(self, size: int, peek: bool = False) -> bytes | None:
        self.incoming.seen()
        if not self.inbox:
            if self.error != errno.EPIPE:  # which is for who writes
                self.fail()
            return b"" if self.read_shut or not size else None
        data = bytes(self.inbox[:size])
        if not peek:
            del self.inbox[:size]
            if self.peer is not None:
                self.peer.outgoing.give()
        return data

    def fail(self) -> None:
        """Raise the error that is to be raised, if there is one."""
        number, self.error = self.error, 0
        if number:
            failed(number)

    def room(self) -> int:
        """How many bytes can be written."""
        return CAPACITY - len(self.peer.inbox) if self.peer is not None else 0

    def deliver(self, data: memoryview) -> int | None:
        """Write what there is room for."""
        room = self.room()
        if not data:
            return 0
        if room <= 0:
            return None
        assert self.peer is not None
        self.peer.inbox += data[:room]
        self.peer.incoming.give()
        return min(room, len(data))

    def change(self) -> None:
        """Tell whoever waits in it."""
        self.incoming.give()
        self.outgoing.give()


class PipeEnd(Ended):
    """One end of a pipe. The end for reading may not be written, nor the other be read."""

    mode = stat.S_IFIFO | 0o600

    def __init__(self, network: "Network", reads: bool) -> None:
        super().__init__(network)
        self.reads = reads

    def take(self, size: int, peek: bool = False) -> bytes | None:
        if not self.reads:
            failed(errno.EBADF)
        return super().take(size, peek)

    def put(self, data: memoryview) -> int | None:
        if self.reads:
            failed(errno.EBADF)
        if self.write_shut:
            failed(errno.EPIPE)
        if len(data) <= ATOMIC and self.room() < len(data):
            return None
        return self.deliver(data)

    def events(self) -> int:
        if self.reads:
            self.incoming.seen()
            return (IN if self.inbox else 0) | (HANG_UP if self.read_shut else 0)
        self.outgoing.seen()
        if self.write_shut:
            return OUT | ERROR
        return OUT if self.room() >= ATOMIC else 0

    def close(self) -> None:
        assert self.peer is not None
        self.peer.read_shut = self.peer.write_shut = True
        self.peer.change()


class Socket:
    """What streams and datagrams have in common: their kind, options and names."""

    network: "Network"

    def __init__(self, family: int, type: int, protocol: int) -> None:
        self.family, self.type, self.protocol = family, type, protocol
        self.local = self.name(None)
        self.remote: Address = None
        self.options: dict[tuple[int, int], int | bytes] = {}

    @property
    def is_inet(self) -> bool:
        return self.family in INET

    @property
    def place(self) -> tuple[int, object]:
        """Under which the network finds who has its name."""
        return self.type, self.local[1] if self.is_inet else self.local

    def option(self, name: str) -> bool:
        return bool(self.options.get((socket.SOL_SOCKET, getattr(socket, name, -1)), 0))

    def name(self, address: Address) -> Address:
        """``address``, or what a socket without one says."""
        if address is not None:
            return address
        if not self.is_inet:
            return b""
        return ("0.0.0.0", 0) if self.family == socket.AF_INET else ("::", 0, 0, 0)

    @property
    def is_bound(self) -> bool:
        return bool(self.local[1] if self.is_inet else self.local)

    def bind(self, address: Address) -> None:
        """Take ``address``; port 0 is any."""
        if self.is_bound:
            failed(errno.EINVAL)
        self.network.bind(self, address)

    def bind_to_any(self, host: str) -> None:
        """To be reached, it has to have a name."""
        if not self.is_bound and self.is_inet:
            self.network.bind(self, (host, 0, *self.local[2:]))


class Stream(Ended, Socket):
    """A stream socket: new, or listening, or connected, or on the way to that."""

    mode = stat.S_IFSOCK | 0o777

    def __init__(self, network: "Network", family: int, protocol: int = 0) -> None:
        Ended.__init__(self, network)
        Socket.__init__(self, family, socket.SOCK_STREAM, protocol)
        self.backlog: int | None = None  # how many may wait, if it listens
        self.pending: deque[Stream] = deque()  # to be accepted
        self.arrivals: deque[Stream] = deque()  # who waits for a place among these
        self.connecting = False
        self.is_new = True  # neither connected nor connecting ever
        self.told = False  # whether who connects without blocking knows that it has
        self.finished = False  # no more will ever come from the peer
        self.gone = False  # closed
        self.until: float | None = None  # when its port is free, after its end

    @property
    def is_connected(self) -> bool:
        if self.peer is None or self.connecting:
            return False
        return not (self.is_inet and self.finished and self.write_shut)

    # Connecting

    def listen(self, backlog: int) -> None:
        if self.peer is not None or self.connecting:
            failed(errno.EINVAL)
        if not self.is_inet and not self.is_bound:
            failed(errno.EINVAL)
        self.bind_to_any(NOWHERE[self.family == socket.AF_INET6])
        if self.network.is_taken(self, self.local, to_listen=True):
            failed(errno.EADDRINUSE)
        self.backlog = max(backlog, 0)
        self.is_new = False
        self.network.names.give()
        self.incoming.give()

    def connect(self, address: Address, *, blocks: bool) -> bool | None:
        """Whether it is connected; `None` if that is to be waited for.

        Who does not block is told so the first time even if it was at once, as on a real network.
        """
        if self.connecting:
            if not blocks:
                failed(errno.EALREADY)
            return None
        if self.peer is not None:
            if self.told:
                failed(errno.EISCONN)
            self.told = True
            return True
        if self.error:
            self.fail()
        if self.backlog is not None:
            failed(errno.EISCONN if self.is_inet else errno.EINVAL)
        if self.is_inet and not self.network.is_here(address[0]):
            failed(errno.ENETUNREACH)
        server = self.network.listener(self, address)
        if server is None:
            if self.is_inet and not blocks:
                self.error, self.is_new = errno.ECONNREFUSED, False
                return None
            failed(errno.ECONNREFUSED)
        if not blocks and not self.is_inet and server.is_full:
            failed(errno.EAGAIN)
        host = self.network.host_beside(self, address[0]) if self.is_inet else ""
        self.bind_to_any(host)
        if self.is_inet and self.local[0] in NOWHERE:
            self.local = (host, *self.local[1:])
        self.remote = address
        if self.is_inet and address[0] in NOWHERE:
            self.remote = (host, *address[1:])
        self.is_new, self.told, self.connecting = False, blocks or not self.is_inet, True
        server.arrivals.append(self)
        server.let_in()
        if not blocks and self.is_inet:
            return None
        return None if self.connecting else True

    def await_connection(self) -> bool | None:
        """Whether it is connected now. Raises why it never will be."""
        self.outgoing.seen()
        if self.connecting:
            return None
        self.fail()
        self.told = True
        return True

    @property
    def is_full(self) -> bool:
        assert self.backlog is not None
        return len(self.pending) > self.backlog

    def let_in(self) -> None:
        """Connect who waits for it, as long as there is room."""
        while self.arrivals and not self.is_full:
            client = self.arrivals.popleft()
            ours = Stream(self.network, self.family, self.protocol)
            ours.options = dict(self.options)
            ours.is_new, ours.told = False, True
            assert client.remote is not None
            ours.local, ours.remote = client.remote, client.local
            if client.family != self.family:  # IPv4 at a socket of IPv6
                ours.local = ("::ffff:" + ours.local[0], ours.local[1], 0, 0)
                ours.remote = ("::ffff:" + client.local[0], client.local[1], 0, 0)
            ours.peer, client.peer = client, ours
            client.connecting = False
            self.network.occupy(ours)
            self.pending.append(ours)
            client.change()
        self.incoming.give()

    def accept(self) -> "Stream | None":
        if self.backlog is None:
            failed(errno.EINVAL)
        self.incoming.seen()
        if not self.pending:
            if self.read_shut:
                failed(errno.EINVAL)
            return None
        accepted = self.pending.popleft()
        self.let_in()
        return accepted

    # Bytes

    def take(self, size: int, peek: bool = False) -> bytes | None:
        if self.peer is None and not self.read_shut:
            self.fail()
            failed(errno.ENOTCONN if self.is_inet else errno.EINVAL)
        return super().take(size, peek)

    def put(self, data: memoryview) -> int | None:
        peer = self.peer
        if peer is None:
            self.fail()
            failed(errno.EPIPE if self.is_inet and not self.connecting else errno.ENOTCONN)
        assert isinstance(peer, Stream)
        if self.write_shut:
            if self.is_inet:
                self.fail()
            failed(errno.EPIPE)
        if not data:
            return 0
        if not self.is_inet or not (peer.gone or (peer.read_shut and peer.write_shut)):
            return self.deliver(data)
        # Nobody reads it, and the answer is a reset.
        self.write_shut, self.error = True, errno.EPIPE
        self.change()
        if not peer.gone:
            peer.finished, peer.error = True, errno.ECONNRESET
            peer.change()
        return len(data)

    def shutdown(self, how: int) -> None:
        if how not in (socket.SHUT_RD, socket.SHUT_WR, socket.SHUT_RDWR):
            failed(errno.EINVAL)
        reads, writes = how != socket.SHUT_WR, how != socket.SHUT_RD
        if self.backlog is not None and self.is_inet:
            if reads:
                self.stop_listening()
                self.read_shut = True
                self.incoming.give()
            return
        if self.is_inet and not self.is_connected:
            failed(errno.ENOTCONN)
        self.read_shut |= reads
        self.write_shut |= writes
        self.change()
        if isinstance(self.peer, Stream):
            self.peer.read_shut |= writes
            self.peer.finished |= writes
            if not self.is_inet:
                self.peer.write_shut |= reads
            self.peer.change()

    def events(self) -> int:
        self.incoming.seen()
        self.outgoing.seen()
        if self.backlog is not None:
            return (IN if self.pending else 0) | (IN | HANG_UP if self.read_shut else 0)
        if self.connecting:
            return 0
        found = ERROR if self.error else 0
        if self.peer is None:
            return found | OUT | HANG_UP | (IN | READ_HANG_UP if self.error else 0)
        if self.inbox or self.read_shut:
            found |= IN
        if self.read_shut:
            found |= READ_HANG_UP | (HANG_UP if self.write_shut else 0)
        if self.write_shut or self.room() > 0:
            found |= OUT
        return found

    # The end

    def close(self) -> None:
        self.gone = True
        if self.backlog is not None:
            self.stop_listening()
        peer = self.peer
        if self.is_inet and peer is not None and not self.finished and not self.resets:
            self.until = self.network.kernel.now + TIME_WAIT
        else:
            self.network.vacate(self)
        if not isinstance(peer, Stream) or peer.gone:
            return
        peer.read_shut = peer.finished = True
        if self.resets:
            peer.error = errno.ECONNRESET
        if self.resets or not self.is_inet:
            peer.write_shut = True
        peer.change()

    @property
    def resets(self) -> bool:
        """Whether its peer is told that not all was read."""
        linger = self.options.get((socket.SOL_SOCKET, socket.SO_LINGER), b"")
        at_once = isinstance(linger, bytes) and linger[:1] == b"\1" and not any(linger[4:])
        return bool(self.inbox) or (at_once and self.is_inet)

    def stop_listening(self) -> None:
        """Nobody is accepted any more: who waits for it is reset, or refused."""
        self.network.vacate(self)
        while self.pending:
            accepted = self.pending.popleft()
            assert accepted.peer is not None
            accepted.peer.error = errno.ECONNRESET
            accepted.close()
            accepted.peer.write_shut = True
        while self.arrivals:
            client = self.arrivals.popleft()
            client.connecting, client.error = False, errno.ECONNREFUSED
            client.change()


class Datagrams(File, Socket):
    """A datagram socket: whole messages, each with the name of who sent it."""

    mode = stat.S_IFSOCK | 0o777

    def __init__(self, network: "Network", family: int, protocol: int = 0) -> None:
        File.__init__(self, network)
        Socket.__init__(self, family, socket.SOCK_DGRAM, protocol)
        self.inbox: deque[tuple[bytes, Address]] = deque()
        self.waiting = 0  # bytes in there
        self.peer: Datagrams | None = None  # of a pair, or who has a Unix socket's name
        self.error = 0
        self.read_shut = self.write_shut = self.gone = False

    @property
    def is_connected(self) -> bool:
        return self.remote is not None or self.peer is not None

    def connect(self, address: Address, *, blocks: bool) -> bool | None:
        """From now on it sends there, and receives from there."""
        if self.is_inet:
            if not self.network.is_here(address[0]):
                failed(errno.ENETUNREACH)
            host = self.network.host_beside(self, address[0])
            self.bind_to_any(host)
            if self.local[0] in NOWHERE:
                self.local = (host, *self.local[1:])
            if address[0] in NOWHERE:
                address = (host, *address[1:])
        else:
            self.peer = self.network.receiver(self, address)
            if self.peer is None:
                failed(errno.ECONNREFUSED)
        self.remote = address
        return True

    def receive(self, size: int, peek: bool = False) -> tuple[bytes, Address] | None:
        """The next message, as far as there is room for it, and who sent it."""
        self.incoming.seen()
        if self.error:
            number, self.error = self.error, 0
            failed(number)
        if not self.inbox:
            return (b"", None) if self.read_shut else None
        data, sender = self.inbox[0]
        if not peek:
            self.inbox.popleft()
            self.waiting -= len(data)
            self.outgoing.give()
        return data[:size], sender

    def take(self, size: int, peek: bool = False) -> bytes | None:
        received = self.receive(size, peek)
        return None if received is None else received[0]

    def put(self, data: memoryview) -> int | None:
        return self.send(data, None)

    def send(self, data: memoryview, address: Address) -> int | None:
        """Send ``data`` there, or to whom it is connected. What UDP has no room for is lost."""
        if self.error:
            number, self.error = self.error, 0
            failed(number)
        if self.write_shut:
            failed(errno.EPIPE)
        if len(data) > LONGEST[self.family]:
            failed(errno.EMSGSIZE)
        if address is None and not self.is_connected:
            failed(errno.EDESTADDRREQ if self.is_inet else errno.ENOTCONN)
        if self.is_inet:
            there = self.remote if address is None else address
            if not self.network.is_here(there[0]):
                failed(errno.ENETUNREACH)
            self.bind_to_any(NOWHERE[self.family == socket.AF_INET6])
            receiver = self.network.receiver(self, there)
            if receiver is None and self.remote is not None:
                self.error = errno.ECONNREFUSED
            sender = self.local
            if sender[0] in NOWHERE:
                sender = (self.network.host_beside(self, there[0]), *sender[1:])
        else:
            receiver = self.peer if address is None else self.network.receiver(self, address)
            if receiver is None or receiver.gone:
                if address is None:
                    self.peer = self.remote = None
                failed(errno.ECONNREFUSED)
            sender = self.local or None
        if receiver is None:
            return len(data)
        if receiver.read_shut and not self.is_inet:
            failed(errno.EPIPE)
        if receiver.waiting and receiver.waiting + len(data) > CAPACITY:
            return len(data) if self.is_inet else None
        receiver.inbox.append((bytes(data), sender))
        receiver.waiting += len(data)
        receiver.incoming.give()
        return len(data)

    def room_at(self) -> Signal:
        return self.peer.outgoing if self.peer is not None else self.outgoing

    def shutdown(self, how: int) -> None:
        if how not in (socket.SHUT_RD, socket.SHUT_WR, socket.SHUT_RDWR):
            failed(errno.EINVAL)
        if self.is_inet and not self.is_connected:
            failed(errno.ENOTCONN)
        self.read_shut |= how != socket.SHUT_WR
        self.write_shut |= how != socket.SHUT_RD
        self.incoming.give()

    def events(self) -> int:
        self.incoming.seen()
        self.outgoing.seen()
        found = ERROR if self.error else 0
        if self.inbox or self.read_shut:
            found |= IN
        if self.is_inet or self.peer is None or self.peer.waiting < CAPACITY:
            found |= OUT
        return found

    def signals(self) -> "Iterable[Signal]":
        return self.incoming, self.outgoing, self.room_at()

    def close(self) -> None:
        self.gone = True
        self.network.vacate(self)
        if self.peer is not None and not self.is_inet:
            self.outgoing.give()


class Network:
    """The descriptors of the present execution, and the names of sockets.

    ``state`` is put back after each execution. ``names`` is given when a name is taken or let go
    of, ``numbers`` when a descriptor is.
    """

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.state: dict[str, Any] = {"entered": False}
        self._lasting: list[object] = []  # what was made at the import of modules
        self._saved: list[dict[str, Any]] | None = None  # as it was then
        self.files: dict[int, File] = {}
        self.lowest = FIRST  # no lower number is free
        self.occupied: dict[tuple[int, object], tuple[Any, ...]] = {}
        self.next_port = FIRST_PORT
        self.timeout: float | None = None
        """That of new sockets."""
        self.made(self)
        self.names = Signal(self)
        self.numbers = Signal(self)

    # Each execution begins anew

    def made(self, thing: object) -> None:
        """``thing`` is new: if no execution is running, all of them will find it as it is then."""
        if not self.kernel.running:
            self.enter()
            self._lasting.append(thing)

    def enter(self) -> None:
        """Before anything else: make all as it was after the import of the modules."""
        if self.state["entered"]:
            return
        if self._saved is not None:
            for thing, saved in zip(self._lasting, self._saved, strict=True):
                for name, value in saved.items():
                    setattr(thing, name, _copy(value))
        if self.kernel.running:
            self.state["entered"] = True
            if self._saved is None:
                self._saved = [_fields(thing) for thing in self._lasting]
        else:
            self._saved = None

    # Descriptors

    def open(self, file: File, number: int | None = None) -> int:
        """A descriptor of ``file``."""
        self.enter()
        if number is None:
            number = next(n for n in itertools.count(self.lowest) if n not in self.files)
            self.lowest = number + 1
        self.files[number] = file
        file.references += 1
        return number

    def find(self, number: int) -> File:
        """What that descriptor stands for."""
        if not self.state["entered"]:
            self.enter()
        file = self.files.get(number)
        if file is None:
            self.numbers.seen()
            failed(errno.EBADF)
        return file

    def has(self, number: int, file: File | None) -> bool:
        """Whether that descriptor stands for ``file``. Who asks may have outlived its execution."""
        self.enter()
        return file is not None and self.files.get(number) is file

    def close(self, number: int) -> None:
        file = self.find(number)
        del self.files[number]
        self.lowest = min(self.lowest, number)
        self.numbers.give()
        file.drop()

    def pipe(self) -> tuple[File, File]:
        reader, writer = PipeEnd(self, True), PipeEnd(self, False)
        reader.peer, writer.peer = writer, reader
        return reader, writer

    # Blocking

    @contextmanager
    def using(self, files: Sequence[File]) -> Iterator[None]:
        """Within the block ``files`` are in use, and so they are not closed before its end."""
        for file in files:
            file.references += 1
        try:
            yield
        finally:
            for file in files:
                file.drop()

    def wait(self, signals: Collection[Signal], what: str, deadline: float | None = None) -> bool:
        """Block the running task until one of ``signals`` is given; false if time is up."""
        task = self.kernel.current
        recorder = self.kernel.recorder
        for signal in signals:
            signal.waiters.append(task)
            if recorder is not None:
                recorder.attempt(signal)
        try:
            return self.kernel.park(what, deadline)
        finally:
            for signal in signals:
                if task in signal.waiters:
                    signal.waiters.remove(task)

    def block(self, file: File, signal: Signal, what: str, attempt: Callable[[], T | None]) -> T:
        """What ``attempt`` says when it does not say any longer that it would block."""
        with self.using((file,)):
            while (result := attempt()) is None:
                if not file.blocking:
                    failed(errno.EAGAIN)
                self.wait((signal,), what)
        return result

    def read(self, file: File, size: int) -> bytes:
        return self.block(file, file.incoming, "data", lambda: file.take(size))

    def write(self, file: File, data: memoryview) -> int:
        """Write all, or, if ``file`` does not block, what there is room for."""
        sent = self.block(file, file.outgoing, "room to write", lambda: file.put(data))
        while file.blocking and sent < len(data):
            rest = data[sent:]
            sent += self.block(file, file.outgoing, "room to write", lambda: file.put(rest))  # noqa: B023
        return sent

    # Names

    def is_here(self, host: str) -> bool:
        """Whether ``host`` is this machine, which knows no other."""
        return host.startswith(("127.", "::ffff:127.")) or host in ("::1", *NOWHERE)

    def host_beside(self, socket_: Socket, host: str) -> str:
        """From which address this machine talks to ``host``."""
        if host.startswith("127.") and socket_.local[0] in NOWHERE:
            return "127.0.0.1"
        if socket_.local[0] not in NOWHERE:
            return str(socket_.local[0])
        return "127.0.0.1" if socket_.family == socket.AF_INET else "::1"

    def bind(self, socket_: Any, address: Address) -> None:
        """Give ``socket_`` that name, or the next free port of it."""
        self.enter()
        self.names.seen()
        if socket_.is_inet:
            if not self.is_here(address[0]):
                failed(errno.EADDRNOTAVAIL)
            if not address[1]:
                host, _, *more = address
                while any(
                    self.occupied.get((kind, self.next_port))
                    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)
                ):
                    self.next_port += 1
                address = (host, self.next_port, *more)
                self.next_port += 1
        if self.is_taken(socket_, address):
            failed(errno.EADDRINUSE)
        socket_.local = address
        self.occupy(socket_)

    def occupy(self, socket_: Any) -> None:
        self.occupied[socket_.place] = (*self.occupied.get(socket_.place, ()), socket_)
        self.names.give()

    def vacate(self, socket_: Any) -> None:
        """Its name is free. That of a Unix socket stays until it is unlinked, as a file does."""
        if not socket_.is_bound or (not socket_.is_inet and socket_.local[:1] != b"\0"):
            return
        left = tuple(
            other for other in self.occupied.get(socket_.place, ()) if other is not socket_
        )
        if left:
            self.occupied[socket_.place] = left
        else:
            self.occupied.pop(socket_.place, None)
        self.names.give()

    def is_taken(self, socket_: Any, address: Address, to_listen: bool = False) -> bool:
        """Whether another socket has that name and does not share it."""
        if not socket_.is_inet:
            return not to_listen and any(
                (kind, address) in self.occupied for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)
            )
        for other in self.occupied.get((socket_.type, address[1]), ()):
            if other is socket_ or not _overlap(socket_, address[0], other):
                continue
            until = getattr(other, "until", None)
            if until is not None and until <= self.kernel.now:
                continue
            listens = getattr(other, "backlog", None) is not None
            if all(s.option("SO_REUSEPORT") for s in (socket_, other)):
                continue
            if to_listen and not listens:
                continue
            if not listens and all(s.option("SO_REUSEADDR") for s in (socket_, other)):
                continue
            return True
        return False

    def who(self, socket_: Socket, address: Address) -> Iterable[Any]:
        """Who is reached at that address, the nearest first."""
        self.enter()
        self.names.seen()
        if not socket_.is_inet:
            named = self.occupied.get((socket_.type, address), ())
            if not named and address[:1] != b"\0":
                failed(errno.ENOENT if not self.named(address) else errno.EPROTOTYPE)
            return named
        named = self.occupied.get((socket_.type, address[1]), ())
        host = address[0]
        if host in NOWHERE:
            host = self.host_beside(socket_, host)
        exact = [s for s in named if s.local[0] == host]
        return exact + [s for s in named if s.local[0] != host and _overlap(socket_, host, s)]

    def listener(self, client: Stream, address: Address) -> Stream | None:
        """Who accepts connections at ``address``."""
        for stream in self.who(client, address):
            if stream.backlog is not None and not stream.gone and not stream.read_shut:
                return cast(Stream, stream)
        return None

    def receiver(self, sender: Datagrams, address: Address) -> Datagrams | None:
        """Whom a message to ``address`` reaches: first of all who is connected to the sender."""
        found = [s for s in self.who(sender, address) if not s.gone]
        if sender.is_inet:
            ours = sender.local[1]
            found = [s for s in found if s.remote is None or s.remote[1] == ours]
            found.sort(key=lambda s: s.remote is None)
        return found[0] if found else None

    def named(self, path: bytes) -> bool:
        """Whether a Unix socket has that path."""
        self.enter()
        return any(
            (kind, path) in self.occupied for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)
        )

    def unlink(self, path: bytes) -> None:
        """From here on no Unix socket has that path."""
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            self.occupied.pop((kind, path), None)
        self.names.give()


def _overlap(socket_: Any, host: str, other: Any) -> bool:
    """Whether ``other`` is reached at ``host``, by one of the family of ``socket_``."""
    if socket_.family == other.family:
        return host == other.local[0] or host in NOWHERE or other.local[0] in NOWHERE
    six = socket_ if socket_.family == socket.AF_INET6 else other
    only = six.options.get((socket.IPPROTO_IPV6, socket.IPV6_V6ONLY), 0)
    return not only and (host if six is socket_ else other.local[0]) == "::"


def _fields(thing: object) -> dict[str, Any]:
    """What there is to put back of ``thing``."""
    if isinstance(thing, Network):
        names: Iterable[str] = ("files", "lowest", "occupied", "next_port", "timeout")
    else:
        slots = [name for cls in type(thing).__mro__ for name in vars(cls).get("__slots__", ())]
        names = [*getattr(thing, "__dict__", ()), *slots]
    return {n: _copy(getattr(thing, n)) for n in names if n != "__weakref__" and hasattr(thing, n)}


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, bytearray | deque | dict | list) else value


def network_of(kernel: Kernel) -> Network:
    """The network of that simulated world: one, for all modules that stand on it."""
    if not isinstance(kernel.network, Network):
        kernel.network = Network(kernel)
    return kernel.network
