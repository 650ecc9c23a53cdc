"""``_socket`` on the simulated network, so that CPython's own ``socket.py`` stands on it.

Streams and datagrams of Unix, IPv4 and IPv6 are simulated, on the loopback interface: see
`threadlab.simulation.network`. Names are those of this machine, and no other has one.

Taken from the real module: constants, errors, and what only converts. All else of it, raw sockets
or passing descriptors, say, is refused when it is called.
"""

import _socket
import errno
import operator
import os
import struct
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from types import ModuleType
from typing import Any, TypeVar

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.network import (
    INET,
    NOWHERE,
    Datagrams,
    File,
    Network,
    Signal,
    Stream,
    failed,
    network_of,
)

T = TypeVar("T")

CONVERTING = (
    *("CMSG_LEN", "CMSG_SPACE", "getprotobyname", "getservbyname", "getservbyport"),
    *("htonl", "htons", "inet_aton", "inet_ntoa", "inet_ntop", "inet_pton", "ntohl", "ntohs"),
)
"""Functions that only convert."""

TAKEN = (
    *(name for name in dir(_socket) if isinstance(getattr(_socket, name), int | str)),
    *(name for name in CONVERTING if hasattr(_socket, name)),
    *("error", "gaierror", "herror", "timeout"),
)
REFUSED = ("CAPI",)
"""It is for ``_ssl``, and leads to the system's sockets."""

NAME = "localhost"
"""What this machine is called."""

LOOPBACK = ("127.0.0.1", "::1")
"""Its addresses, of the families `INET`."""

KINDS = (
    (_socket.SOCK_STREAM, _socket.IPPROTO_TCP),
    (_socket.SOCK_DGRAM, _socket.IPPROTO_UDP),
    (_socket.SOCK_RAW, 0),
)

SERVICES = {"domain": 53, "ftp": 21, "http": 80, "https": 443, "smtp": 25, "ssh": 22}
"""Those that are known by name: what the machine's own list has differs from one to another."""

PATH_MAX = 107
"""Bytes of the name of a Unix socket."""

BLOCKING_OPTIONS = ("SO_RCVTIMEO", "SO_SNDTIMEO", "SO_RCVLOWAT", "SO_SNDLOWAT")
"""They change when a call blocks, which is not simulated."""


def _number(host: str, family: int) -> str | None:
    """The address that ``host`` is in figures, as it is usually written; no name is resolved."""
    with suppress(OSError, ValueError):
        if family == _socket.AF_INET:
            return _socket.inet_ntoa(_socket.inet_aton(host))
        return _socket.inet_ntop(family, _socket.inet_pton(family, host))
    return None


def _port(port: Any) -> int:
    """The number of ``port``, which may be the name of a service."""
    name = port.decode() if isinstance(port, bytes) else port
    if name is None or isinstance(name, int):
        return (name or 0) & 0xFFFF
    if name in SERVICES:
        return SERVICES[name]
    if not str(name).isdecimal():
        raise _socket.gaierror(_socket.EAI_SERVICE, "Servname not supported for ai_socktype")
    return int(name) & 0xFFFF


def make(kernel: Kernel) -> ModuleType:
    """A ``_socket`` whose sockets block tasks of ``kernel``."""
    network = network_of(kernel)
    module = ModuleType("_socket", "Sockets of the simulated network.")
    for name in TAKEN:
        if not name.startswith("__"):
            setattr(module, name, getattr(_socket, name))
    vars(module).update(_names(kernel))
    vars(module).update(_functions(network))
    for name, value in vars(_socket).items():
        if callable(value) and name not in vars(module):
            setattr(module, name, _refusal(kernel, f"socket.{name}"))
    return module


def _refusal(kernel: Kernel, name: str) -> Callable[..., Any]:
    def refused(*args: object, **kwargs: object) -> None:
        kernel.refuse(f"{name} cannot be simulated: it leads to the operating system's network")

    return refused


def _functions(network: Network) -> dict[str, Any]:
    """``socket`` and all that makes, closes or configures sockets, by the names in ``_socket``."""
    cls = _socket_class(network)

    def socketpair(
        family: int | None = None, type: int = _socket.SOCK_STREAM, proto: int = 0
    ) -> tuple[Any, Any]:
        family = _socket.AF_UNIX if family is None else family
        if family != _socket.AF_UNIX:
            failed(errno.EOPNOTSUPP)
        files: list[Any] = [_new(network, family, type, proto) for _ in range(2)]
        for file, other in zip(files, reversed(files), strict=True):
            file.peer = other
            file.is_new = False
        one, other = (cls(family, type, proto, network.open(file)) for file in files)
        return one, other

    def setdefaulttimeout(timeout: float | None) -> None:
        network.enter()
        network.timeout = _seconds(timeout)

    def getdefaulttimeout() -> float | None:
        network.enter()
        return network.timeout

    def dup(number: int) -> int:
        return network.open(network.find(number))

    return {
        "SocketType": cls,
        "socket": cls,
        "socketpair": socketpair,
        "close": network.close,
        "dup": dup,
        "getdefaulttimeout": getdefaulttimeout,
        "setdefaulttimeout": setdefaulttimeout,
    }


def _new(network: Network, family: int, type: int, protocol: int) -> Stream | Datagrams:
    """A new socket of that kind."""
    for flag in ("SOCK_NONBLOCK", "SOCK_CLOEXEC"):
        type &= ~getattr(_socket, flag, 0)
    if family not in (_socket.AF_UNIX, *INET) or type not in (
        _socket.SOCK_STREAM,
        _socket.SOCK_DGRAM,
    ):
        network.kernel.refuse(
            f"socket.socket({family}, {type}) cannot be simulated: "
            "only streams and datagrams of Unix, IPv4 and IPv6 are"
        )
    right = {
        _socket.SOCK_STREAM: _socket.IPPROTO_TCP,
        _socket.SOCK_DGRAM: _socket.IPPROTO_UDP,
    }[type]
    if protocol not in ((0, right) if family in INET else (0, 1)):
        failed(errno.EPROTONOSUPPORT)
    kind = Stream if type == _socket.SOCK_STREAM else Datagrams
    return kind(network, family, protocol)


def _seconds(timeout: float | None) -> float | None:
    if timeout is None:
        return None
    if timeout < 0:
        raise ValueError("Timeout value out of range")
    return float(timeout)


def _socket_class(network: Network) -> Any:
    """The class ``socket``."""
    kernel = network.kernel

    class Socket:
        """A socket of the simulated network."""

        __slots__ = ("_file", "_kind", "_number", "_timeout")

        _number: int
        _timeout: float | None

        def __init__(
            self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None
        ) -> None:
            if fileno is None:
                family = _socket.AF_INET if family == -1 else int(family)
                type = _socket.SOCK_STREAM if type == -1 else int(type)
                file: Any = _new(network, family, type, max(proto, 0))
                fileno = network.open(file)
            else:
                if isinstance(fileno, float):
                    raise TypeError("integer argument expected, got float")
                if fileno < 0:
                    raise ValueError("negative file descriptor")
                file = network.find(fileno)
                if not isinstance(file, Stream | Datagrams):
                    failed(errno.ENOTSOCK)
            self._file: Any = file
            self._number = fileno
            self._kind: tuple[int, int, int] = (
                file.family if family == -1 else int(family),
                file.type,
                file.protocol if proto == -1 else int(proto),
            )
            at_once = type != -1 and type & getattr(_socket, "SOCK_NONBLOCK", 0)
            self._timeout = 0.0 if at_once else network.timeout
            if self._timeout is not None:
                file.blocking = False
            network.made(self)

        family = property(lambda self: self._kind[0])
        type = property(lambda self: self._kind[1])
        proto = property(lambda self: self._kind[2])

        # Blocking

        def _find(self) -> Any:
            """What it stands for."""
            if self._number < 0:
                network.numbers.seen()
                failed(errno.EBADF)
            return network.find(self._number)

        def _block(
            self,
            file: File,
            signal: Signal,
            what: str,
            attempt: Callable[[], T | None],
            flags: int = 0,
            deadline: float | None = None,
        ) -> T:
            """Wait until ``attempt`` does not say any longer that it would block.

            Without a timeout it goes on in a file that is closed meanwhile, as a system call does.
            """
            timeout = self._timeout
            at_once = timeout == 0 or (timeout is None and not file.blocking)
            if at_once or flags & _socket.MSG_DONTWAIT:
                failed(errno.EAGAIN)
            if timeout is not None and deadline is None:
                deadline = kernel.now + timeout
            result = None
            with network.using((file,)):
                while result is None:
                    if not network.wait((signal,), what, deadline):
                        signal.seen()
                        raise TimeoutError("timed out")
                    if timeout is not None:
                        self._find()
                    result = attempt()
            return result

        # Receiving

        def _receive(self, size: int, flags: int) -> tuple[bytes, Any]:
            """Up to a number of bytes, and who sent them, if they are a message."""
            file: File = self._find()
            if size < 0:
                raise ValueError("negative buffersize in recv")
            if flags & _socket.MSG_OOB:
                failed(errno.EINVAL)
            peek = bool(flags & _socket.MSG_PEEK)
            received = file.receive(size, peek)
            if received is None:
                attempt = partial(file.receive, size, peek)
                received = self._block(file, file.incoming, "data", attempt, flags)
            if flags & _socket.MSG_WAITALL:
                return self._all_of(received, size, flags)
            return received

        def _all_of(self, received: tuple[bytes, Any], size: int, flags: int) -> tuple[bytes, Any]:
            """``received``, and what it takes to have ``size`` bytes of a stream that blocks."""
            data, sender = received
            hurried = flags & (_socket.MSG_PEEK | _socket.MSG_DONTWAIT)
            if self._kind[1] == _socket.SOCK_STREAM and self._timeout is None and not hurried:
                while len(data) < size and (more := self._receive(size - len(data), 0)[0]):
                    data += more
            return data, sender

        def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
            # Where nothing is asked for, the real one does not ask the socket.
            return self._receive(bufsize, flags)[0] if bufsize else b""

        def recvfrom(self, bufsize: int, flags: int = 0, /) -> tuple[bytes, Any]:
            data, sender = self._receive(bufsize, flags)
            return data, self._told(sender)

        def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
            wanted = nbytes or memoryview(buffer).nbytes
            return self.recvfrom_into(buffer, nbytes, flags)[0] if wanted else 0

        def recvfrom_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> tuple[int, Any]:
            view = memoryview(buffer).cast("B")
            if view.readonly:
                raise TypeError("read-write bytes-like object expected")
            if nbytes < 0:
                raise ValueError("negative buffersize in recv_into")
            if nbytes > len(view):
                raise ValueError("nbytes is greater than the length of the buffer")
            data, sender = self._receive(nbytes or len(view), flags)
            view[: len(data)] = data
            return len(data), self._told(sender)

        def recvmsg(
            self, bufsize: int, ancbufsize: int = 0, flags: int = 0, /
        ) -> tuple[bytes, list[Any], int, Any]:
            data, sender = self._receive(bufsize, flags)
            return data, [], 0, self._told(sender)

        def recvmsg_into(
            self, buffers: Iterable[Any], ancbufsize: int = 0, flags: int = 0, /
        ) -> tuple[int, list[Any], int, Any]:
            views = [memoryview(buffer).cast("B") for buffer in buffers]
            data, sender = self._receive(sum(map(len, views)), flags)
            rest = data
            for view in views:
                part, rest = rest[: len(view)], rest[len(view) :]
                view[: len(part)] = part
            return len(data), [], 0, self._told(sender)

        # Sending

        def _send(
            self, file: File, data: memoryview, flags: int, deadline: float | None = None
        ) -> int:
            sent = file.put(data)
            if sent is None:
                attempt = partial(file.put, data)
                sent = self._block(file, file.room_at(), "room to send", attempt, flags, deadline)
            return sent

        def send(self, data: Any, flags: int = 0, /) -> int:
            view = memoryview(data).cast("B")
            file: File = self._find()
            sent = self._send(file, view, flags)
            if self._timeout is None and not flags & _socket.MSG_DONTWAIT:
                while file.blocking and sent < len(view):  # then it is all that returns
                    sent += self._send(file, view[sent:], flags)
            return sent

        def sendall(self, data: Any, flags: int = 0, /) -> None:
            rest = memoryview(data).cast("B")
            deadline = kernel.now + self._timeout if self._timeout else None
            while rest:
                rest = rest[self._send(self._find(), rest, flags, deadline) :]

        def sendto(self, data: Any, *rest: Any) -> int:
            if len(rest) not in (1, 2):
                raise TypeError(f"sendto() takes 2 or 3 arguments ({len(rest) + 1} given)")
            return self._send_to(data, rest[0] if len(rest) == 2 else 0, rest[-1], "sendto")

        def _send_to(self, data: Any, flags: int, address: Any, caller: str) -> int:
            file: Datagrams | Stream = self._find()
            view = memoryview(data).cast("B")
            if isinstance(file, Stream):
                if file.peer is not None and not file.is_inet:
                    failed(errno.EISCONN)
                return self._send(file, view, flags)
            attempt = partial(file.send, view, self._address(address, caller))
            sent = attempt()
            if sent is None:
                sent = self._block(file, file.room_at(), "room to send", attempt, flags)
            return sent

        def sendmsg(
            self,
            buffers: Iterable[Any],
            ancdata: Iterable[Any] = (),
            flags: int = 0,
            address: Any = None,
            /,
        ) -> int:
            if list(ancdata):
                kernel.refuse(
                    "socket.sendmsg with ancillary data cannot be simulated: "
                    "it passes what the operating system knows"
                )
            data = b"".join(bytes(memoryview(buffer).cast("B")) for buffer in buffers)
            if address is None:
                return self.send(data, flags)
            return self._send_to(data, flags, address, "sendmsg")

        # Names

        def _address(self, address: Any, caller: str) -> Any:
            """``address`` as the network has it. Raises what the real one raises of a wrong one."""
            if self._kind[0] == _socket.AF_UNIX:
                if isinstance(address, str):
                    address = os.fsencode(address)
                if not isinstance(address, bytes | bytearray | memoryview):
                    kind = type(address).__name__
                    raise TypeError(f"a bytes-like object is required, not {kind!r}")
                path = bytes(address)
                if len(path) > PATH_MAX:
                    raise OSError("AF_UNIX path too long")
                return path if path[:1] in (b"\0", b"") else os.path.join(os.getcwdb(), path)
            six = self._kind[0] == _socket.AF_INET6
            if not isinstance(address, tuple):
                family = "AF_INET6" if six else "AF_INET"
                raise TypeError(
                    f"{caller}(): {family} address must be tuple, not {type(address).__name__}"
                )
            if not (2 <= len(address) <= 4 if six else len(address) == 2):
                family = "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])"
                raise TypeError(family if six else "AF_INET address must be a pair (host, port)")
            host, port, *more = address
            port = operator.index(port)
            host = _resolve(host, self._kind[0]) if host else NOWHERE[six]
            if not 0 <= port <= 65535:
                raise OverflowError(f"{caller}(): port must be 0-65535.")
            return (host, port, *(*more, 0, 0)[:2]) if six else (host, port)

        def _told(self, address: Any) -> Any:
            """``address`` as a program is told it."""
            if self._kind[0] == _socket.AF_UNIX and address is not None:
                return address if address[:1] == b"\0" else os.fsdecode(address)
            return address

        def bind(self, address: Any, /) -> None:
            file, address = self._find(), self._address(address, "bind")
            if self._kind[0] == _socket.AF_UNIX and address[:1] != b"\0":
                if os.path.lexists(address):
                    failed(errno.EADDRINUSE)
                if not os.path.isdir(os.path.dirname(address)):
                    failed(errno.ENOENT)
            file.bind(address)

        def listen(self, backlog: int = 128, /) -> None:
            file = self._find()
            if isinstance(file, Datagrams):
                failed(errno.EOPNOTSUPP)
            file.listen(backlog)

        def _accept(self) -> tuple[int, Any]:
            file = self._find()
            if isinstance(file, Datagrams):
                failed(errno.EOPNOTSUPP)
            accepted = file.accept()
            if accepted is None:
                accepted = self._block(file, file.incoming, "a connection", file.accept)
            return network.open(accepted), self._told(accepted.remote)

        def connect(self, address: Any, /) -> None:
            file, address = self._find(), self._address(address, "connect")
            blocks = self._timeout != 0 and (self._timeout is not None or file.blocking)
            if file.connect(address, blocks=blocks) is None:
                if not blocks:
                    failed(errno.EINPROGRESS)
                if file.await_connection() is None:
                    connected = file.await_connection
                    self._block(file, file.outgoing, "to be connected", connected)

        def connect_ex(self, address: Any, /) -> int:
            try:
                self.connect(address)
            except TimeoutError:
                return errno.EAGAIN
            except OSError as error:
                if error.errno is None or isinstance(error, _socket.gaierror):
                    raise
                return error.errno
            return 0

        def getsockname(self) -> Any:
            return self._told(self._find().local)

        def getpeername(self) -> Any:
            file = self._find()
            if not file.is_connected:
                failed(errno.ENOTCONN)
            if file.remote is not None:
                return self._told(file.remote)
            return self._told(file.peer.local)

        # Options

        def setsockopt(self, level: int, name: int, value: Any, length: int | None = None) -> None:
            options = self._find().options
            if level == _socket.SOL_SOCKET:
                for blocking in BLOCKING_OPTIONS:
                    if name == getattr(_socket, blocking, None):
                        kernel.refuse(
                            f"setsockopt({blocking}) cannot be simulated: "
                            "it changes when a call blocks"
                        )
            if value is None:
                value = bytes(length or 0)
            elif not isinstance(value, int):
                value = bytes(memoryview(value).cast("B"))
                if len(value) == 4:
                    (value,) = struct.unpack("i", value)
            options[level, name] = value

        def getsockopt(self, level: int, name: int, length: int = 0, /) -> int | bytes:
            file = self._find()
            value: Any = file.options.get((level, name), 0)
            if level == _socket.SOL_SOCKET:
                if name == _socket.SO_ERROR:
                    file.outgoing.seen()
                    value, file.error = file.error, 0
                elif name == _socket.SO_TYPE:
                    value = self._kind[1]
                elif name == _socket.SO_ACCEPTCONN:
                    value = int(getattr(file, "backlog", None) is not None)
                elif name == getattr(_socket, "SO_DOMAIN", -1):
                    value = self._kind[0]
                elif name == getattr(_socket, "SO_PROTOCOL", -1):
                    value = self._kind[2]
            if length:
                packed: bytes = struct.pack("i", value) if isinstance(value, int) else value
                return packed[:length]
            if isinstance(value, bytes):
                return int.from_bytes(value[:4], sys.byteorder)
            return int(value)

        # The end

        def shutdown(self, how: int, /) -> None:
            self._find().shutdown(how)

        def close(self) -> None:
            if self._number >= 0:
                number, self._number = self._number, -1
                network.close(number)

        def detach(self) -> int:
            number, self._number = self._number, -1
            return number

        def fileno(self) -> int:
            return self._number

        def __del__(self) -> None:
            number = getattr(self, "_number", -1)
            if number >= 0 and network.has(number, self._file):
                self._number = -1
                network.close(number)

        # Timeouts

        @property
        def timeout(self) -> float | None:
            return self._timeout

        def settimeout(self, timeout: float | None, /) -> None:
            timeout = _seconds(timeout)
            self._find().blocking = timeout is None
            self._timeout = timeout

        def gettimeout(self) -> float | None:
            return self._timeout

        def setblocking(self, flag: object, /) -> None:
            self.settimeout(None if flag else 0.0)

        def getblocking(self) -> bool:
            return self._timeout != 0

        def __repr__(self) -> str:
            return "<socket object, fd={}, family={}, type={}, proto={}>".format(
                self._number, *self._kind
            )

    for name in dir(_socket.socket):
        if not name.startswith("__") and not hasattr(Socket, name):
            setattr(Socket, name, _refusal(kernel, f"socket.{name}"))
    Socket.__name__ = Socket.__qualname__ = "socket"
    Socket.__module__ = "_socket"
    return Socket


def _resolve(host: object, family: int) -> str:
    """The address of ``host``, which is a number, or this machine."""
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("ascii")
    if not isinstance(host, str):
        raise TypeError(f"str, bytes or bytearray expected, not {type(host).__name__}")
    if host == NAME:
        return "127.0.0.1" if family == _socket.AF_INET else "::1"
    if host == "<broadcast>":
        return "255.255.255.255"
    if (address := _number(host, family)) is None:
        raise _unknown(host)
    return address


def _unknown(host: str) -> OSError:
    """What is raised of a ``host`` that is not a number of the family that was asked for."""
    if any(_number(host, family) for family in INET):
        what = "Address family for hostname not supported"
        return _socket.gaierror(_socket.EAI_ADDRFAMILY, what)
    return _socket.gaierror(_socket.EAI_NONAME, "Name or service not known")


def _names(kernel: Kernel) -> dict[str, Any]:
    """What resolves names, by the names in ``_socket``."""

    def getaddrinfo(
        host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[Any]:
        if isinstance(host, bytes | bytearray):
            host = host.decode("idna")
        names = [(None if host == NAME else host, each) for each in INET if family in (each, 0)]
        passive = host is None and flags & _socket.AI_PASSIVE
        found = []
        for name, each in names:
            own = (NOWHERE if passive else LOOPBACK)[INET.index(each)]
            address = own if name is None else _number(name, each)
            if address is None:
                continue
            place = (address, _port(port)) + (0, 0) * (each == _socket.AF_INET6)
            known_as = (host or "") if flags & _socket.AI_CANONNAME else ""
            found += [
                (each, kind, protocol, known_as, place)
                for kind, protocol in KINDS
                if type in (kind, 0) and proto in (protocol, 0)
            ]
            if host == NAME:
                break  # of both families, the first
        if not found:
            raise _unknown(host or "")
        return found

    def gethostbyname(host: str, /) -> str:
        return _resolve(host, _socket.AF_INET) if host else NOWHERE[0]

    def gethostbyname_ex(host: str, /) -> tuple[str, list[str], list[str]]:
        return host, [], [gethostbyname(host)]

    def gethostbyaddr(host: str, /) -> tuple[str, list[str], list[str]]:
        address = _resolve(host, _socket.AF_INET6 if ":" in host else _socket.AF_INET)
        if address != "::1" and not address.startswith("127."):
            raise _socket.herror(1, "Unknown host")
        return NAME, [], [address]

    def getnameinfo(address: Sequence[Any], flags: int, /) -> tuple[str, str]:
        host, port, *_ = address
        if flags & _socket.NI_NUMERICSERV and isinstance(port, int):
            family = _socket.AF_INET6 if ":" in host else _socket.AF_INET
            host, port = _resolve(host, family), str(port)
        else:  # what the name of a service is, the real one knows
            host, port = _socket.getnameinfo(tuple(address), flags | _socket.NI_NUMERICHOST)
        if not flags & _socket.NI_NUMERICHOST and (host == "::1" or host.startswith("127.")):
            host = NAME
        return host, port

    return {
        "getaddrinfo": getaddrinfo,
        "gethostbyaddr": gethostbyaddr,
        "gethostbyname": gethostbyname,
        "gethostbyname_ex": gethostbyname_ex,
        "gethostname": lambda: NAME,
        "getnameinfo": getnameinfo,
        "if_indextoname": _interface_name,
        "if_nameindex": lambda: [(1, "lo")],
        "if_nametoindex": _interface_index,
    }


def _interface_name(index: int, /) -> str:
    if index != 1:
        failed(errno.ENXIO)
    return "lo"


def _interface_index(name: str, /) -> int:
    if name != "lo":
        raise OSError("no interface with this name")
    return 1
