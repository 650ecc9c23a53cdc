"""The simulated network beside the real one: the same calls have the same results.

A program here calls a socket, select or os module, without blocking, and notes what each call
returns or raises. It is run on the real modules, and in a simulated world.
"""

import importlib
import socket
import sys
import textwrap
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from threadlab.errors import CannotSimulate
from threadlab.simulation.network import CAPACITY, FIRST, FIRST_PORT
from threadlab.simulation.project import Project
from threadlab.simulation.simulation import Simulation

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it behaves as Linux does")

NAMES = ("socket", "select", "selectors", "os", "io", "errno")
REAL = SimpleNamespace(**{name: importlib.import_module(name) for name in NAMES})
FAMILIES = ["AF_UNIX", "AF_INET", "AF_INET6"]


class Notes:
    """What calls have returned or raised."""

    def __init__(self):
        self.made = []

    def __call__(self, function, *args, **kwargs):
        try:
            result = function(*args, **kwargs)
        except OSError as error:
            self.made.append((function.__name__, type(error).__name__, error.errno))
            return None
        except Exception as error:
            self.made.append((function.__name__, type(error).__name__, str(error)))
            return None
        self.made.append((function.__name__, result))
        return result


@pytest.fixture(scope="module")
def simulation():
    return Simulation(Project([], []))


@pytest.fixture(scope="module")
def simulated(simulation):
    return SimpleNamespace(**{name: simulation.load(name) for name in NAMES})


def in_both(program, simulation, simulated, *args):
    """The notes of ``program`` in the real world, and in the simulated one."""
    real, notes = Notes(), Notes()
    program(REAL, real, *args)
    simulation.execute(lambda: program(simulated, notes, *args))
    return real.made, notes.made


def listening(world, family, backlog=5):
    """A socket that listens, and where it does."""
    server = world.socket.socket(getattr(world.socket, family))
    if family == "AF_UNIX":
        server.bind(b"\0threadlab in a test")
    else:
        server.bind(("127.0.0.1" if family == "AF_INET" else "::1", 0))
    server.listen(backlog)
    return server, server.getsockname()


def connected(world, family):
    """Both ends of a connection."""
    if family == "AF_UNIX":
        ends = world.socket.socketpair()
    else:
        server, address = listening(world, family)
        with server:
            client = world.socket.create_connection(address[:2])
            ends = client, server.accept()[0]
    for end in ends:
        end.setblocking(False)
    return ends


def bytes_and_ends(world, note, family):
    ours, theirs = connected(world, family)
    note(ours.recv, 10)
    note(theirs.send, b"hello")
    note(ours.recv, 2, world.socket.MSG_PEEK)
    note(ours.recv, 2)
    note(ours.recvfrom, 2)
    buffer = bytearray(4)
    note(ours.recv_into, buffer)
    note(bytes, buffer)
    note(ours.recv, -1)
    note(theirs.sendmsg, [b"ab", b"c"])
    note(ours.recvmsg, 10)
    note(theirs.shutdown, world.socket.SHUT_WR)
    note(theirs.send, b"late")
    note(ours.recv, 10)
    note(ours.send, b"still")
    note(theirs.recv, 10)
    note(ours.shutdown, 77)
    ours.close()
    note(ours.recv, 1)
    note(theirs.recv, 10)
    note(theirs.recv, 10)
    theirs.close()


def closed_with_unread_bytes(world, note, family):
    ours, theirs = connected(world, family)
    ours.send(b"unread")
    theirs.send(b"before")
    theirs.close()
    note(ours.recv, 10)
    note(ours.recv, 10)
    note(ours.recv, 10)
    note(ours.send, b"x")
    note(ours.getsockopt, world.socket.SOL_SOCKET, world.socket.SO_ERROR)
    ours.close()


def sent_to_who_is_gone(world, note, family):
    ours, theirs = connected(world, family)
    theirs.close()
    note(ours.send, b"x")
    note(ours.send, b"x")
    note(ours.recv, 1)
    note(ours.shutdown, world.socket.SHUT_RDWR)
    ours.close()


def unconnected(world, note, family):
    with world.socket.socket(getattr(world.socket, family)) as sock:
        sock.setblocking(False)
        note(sock.recv, 1)
        note(sock.send, b"x")
        note(sock.getpeername)
        note(sock.getsockname)
        note(sock.accept)
        note(sock.getblocking)
        note(sock.gettimeout)
        note(sock.settimeout, -1)
        note(sock.setblocking, True)
        note(sock.gettimeout)
        for name in ("SO_TYPE", "SO_ERROR", "SO_REUSEADDR", "SO_ACCEPTCONN", "SO_DOMAIN"):
            note(sock.getsockopt, world.socket.SOL_SOCKET, getattr(world.socket, name))
        sock.setsockopt(world.socket.SOL_SOCKET, world.socket.SO_REUSEADDR, 1)
        note(sock.getsockopt, world.socket.SOL_SOCKET, world.socket.SO_REUSEADDR)
        note(sock.getsockopt, world.socket.SOL_SOCKET, world.socket.SO_REUSEADDR, 4)
        if family != "AF_UNIX":
            note(sock.shutdown, world.socket.SHUT_RDWR)


def accepted(world, note, family):
    server, address = listening(world, family)
    server.setblocking(False)
    note(server.accept)
    client = world.socket.socket(getattr(world.socket, family))
    client.setblocking(False)
    note(client.connect_ex, address)
    note(client.getsockopt, world.socket.SOL_SOCKET, world.socket.SO_ERROR)
    note(client.connect_ex, address)
    note(client.connect_ex, address)
    ours, told = server.accept()
    assert told == (client.getsockname() if family != "AF_UNIX" else "")
    assert client.getpeername() == ours.getsockname() == address
    note(ours.send, b"hello")
    note(client.recv, 10)
    note(client.listen)
    note(server.getpeername)
    note(server.recv, 1)
    note(server.connect_ex, address)
    note(server.getsockopt, world.socket.SOL_SOCKET, world.socket.SO_ACCEPTCONN)
    server.close()
    note(ours.send, b"more")
    note(client.recv, 10)
    client.close()
    ours.close()


def refused(world, note, family):
    server, address = listening(world, family)
    server.close()
    client = world.socket.socket(getattr(world.socket, family))
    note(client.connect, address)
    note(client.connect_ex, address)
    client.close()
    client = world.socket.socket(getattr(world.socket, family))
    client.setblocking(False)
    note(client.connect_ex, address)
    if family != "AF_UNIX":
        note(client.getsockopt, world.socket.SOL_SOCKET, world.socket.SO_ERROR)
        note(client.getsockopt, world.socket.SOL_SOCKET, world.socket.SO_ERROR)
        note(client.getpeername)
    client.close()


def not_accepted(world, note, family):
    server, address = listening(world, family)
    client = world.socket.socket(getattr(world.socket, family))
    client.connect(address)
    client.setblocking(False)
    note(client.send, b"x")
    server.close()
    note(client.recv, 1)
    note(client.recv, 1)
    note(client.send, b"x")
    client.close()


def addresses_in_use(world, note, family):
    server, address = listening(world, family)
    other = world.socket.socket(getattr(world.socket, family))
    note(other.bind, address)
    other.setsockopt(world.socket.SOL_SOCKET, world.socket.SO_REUSEADDR, 1)
    note(other.bind, address)
    note(server.bind, address)
    server.close()
    note(other.bind, address)
    if family != "AF_UNIX":
        third = world.socket.socket(getattr(world.socket, family))
        note(third.bind, address)
        third.setsockopt(world.socket.SOL_SOCKET, world.socket.SO_REUSEADDR, 1)
        note(third.bind, address)
        note(third.listen)
        note(other.listen)
        third.close()
    other.close()


def a_port_after_its_connection(world, note, family):
    server, address = listening(world, family)
    client = world.socket.socket(getattr(world.socket, family))
    client.connect(address)
    ours = server.accept()[0]
    server.close()
    ours.close()
    client.close()
    for reuse in (0, 1):
        other = world.socket.socket(getattr(world.socket, family))
        other.setsockopt(world.socket.SOL_SOCKET, world.socket.SO_REUSEADDR, reuse)
        note(other.bind, address)
        other.close()


def listening_shut(world, note, family):
    if family == "AF_UNIX":
        return  # it would block, or fail
    server, _ = listening(world, family)
    server.setblocking(False)
    note(server.shutdown, world.socket.SHUT_RDWR)
    note(server.accept)
    server.close()


def wrong_addresses(world, note, family):
    with world.socket.socket(getattr(world.socket, family)) as sock:
        for address in (5, ("127.0.0.1",), ("127.0.0.1", -1), ("127.0.0.1", 70000), ("", "x")):
            note(sock.bind, address)
        if family == "AF_INET":
            note(sock.bind, ("192.0.2.1", 0))


def datagrams(world, note, family):
    kind = getattr(world.socket, family), world.socket.SOCK_DGRAM
    ours, theirs = world.socket.socket(*kind), world.socket.socket(*kind)
    for sock, name in ((ours, "ours"), (theirs, "theirs")):
        if family == "AF_UNIX":
            sock.bind(b"\0threadlab in a test, " + name.encode())
        else:
            sock.bind(("127.0.0.1" if family == "AF_INET" else "::1", 0))
        sock.setblocking(False)
    note(ours.recvfrom, 10)
    note(ours.send, b"x")
    note(ours.sendto, b"hello", theirs.getsockname())
    note(ours.sendto, b"", theirs.getsockname())
    note(ours.sendto, b"again", 0, theirs.getsockname())
    data, sender = theirs.recvfrom(3)
    assert sender == ours.getsockname()
    note(bytes, data)
    note(theirs.recv, 10)
    note(theirs.recv, 10, world.socket.MSG_PEEK)
    note(theirs.recv, 10)
    note(ours.getpeername)
    ours.connect(theirs.getsockname())
    note(ours.send, b"connected")
    note(theirs.recv, 20)
    note(ours.listen)
    note(ours.accept)
    if family != "AF_UNIX":
        note(theirs.sendto, bytes(65528), ours.getsockname())
    theirs.close()
    note(ours.send, b"x")
    note(ours.send, b"x")
    note(ours.shutdown, world.socket.SHUT_WR)
    note(ours.send, b"x")
    ours.close()


def descriptors(world, note, family):
    ours, theirs = connected(world, family)
    number = ours.fileno()
    note(ours.__class__, fileno=-1)
    again = ours.dup()
    theirs.send(b"both")
    note(again.recv, 2)
    note(ours.recv, 2)
    ours.close()
    note(world.os.read, number, 1)
    note(theirs.recv, 1)
    again.close()
    note(theirs.recv, 1)
    assert theirs.detach() >= 0
    note(theirs.recv, 1)
    note(theirs.fileno)
    note(theirs.close)


def ready(world, note, family):
    ours, theirs = connected(world, family)
    poller = world.select.poll()
    everything = world.select.POLLIN | world.select.POLLOUT | world.select.POLLRDHUP
    poller.register(ours, everything)

    def look():
        return [events for _, events in poller.poll(0)]

    note(look)
    theirs.send(b"x")
    note(look)
    note(lambda: [len(x) for x in world.select.select([ours], [ours], [ours], 0)])
    ours.recv(1)
    theirs.shutdown(world.socket.SHUT_WR)
    note(look)
    ours.shutdown(world.socket.SHUT_WR)
    note(look)
    theirs.close()
    note(look)
    ours.close()
    note(look)
    with world.socket.socket(getattr(world.socket, family)) as sock:
        poller = world.select.poll()
        poller.register(sock, everything)
        note(look)
    server, address = listening(world, family)
    poller = world.select.poll()
    poller.register(server, everything)
    note(look)
    client = world.socket.socket(getattr(world.socket, family))
    client.connect(address)
    note(look)
    client.close()
    server.close()


def refused_and_ready(world, note, family):
    server, address = listening(world, family)
    server.close()
    client = world.socket.socket(getattr(world.socket, family))
    client.setblocking(False)
    client.connect_ex(address)
    poller = world.select.poll()
    poller.register(client)
    note(lambda: [events for _, events in poller.poll(0)])
    client.close()


def reset_and_ready(world, note, family):
    ours, theirs = connected(world, family)
    ours.send(b"unread")
    theirs.close()
    poller = world.select.poll()
    poller.register(ours)
    note(lambda: [events for _, events in poller.poll(0)])
    ours.close()


def epoll(world, note, family):
    ours, theirs = connected(world, family)
    poller = world.select.epoll()
    poller.register(ours, world.select.EPOLLIN)
    note(poller.register, ours)
    note(poller.unregister, theirs)

    def look():
        return [events for _, events in poller.poll(0)]

    note(look)
    theirs.send(b"x")
    note(look)
    note(look)
    poller.modify(ours, world.select.EPOLLOUT | world.select.EPOLLONESHOT)
    note(look)
    note(look)
    poller.modify(ours, world.select.EPOLLIN | world.select.EPOLLOUT)
    note(look)
    note(poller.poll, 0, 0)
    ours.close()
    note(look)
    note(poller.unregister, 1_000_000_077)
    theirs.close()
    poller.close()
    note(poller.poll)
    note(poller.fileno)


BY_FAMILY = (
    *(bytes_and_ends, closed_with_unread_bytes, sent_to_who_is_gone, unconnected, accepted),
    *(refused, not_accepted, addresses_in_use, a_port_after_its_connection, listening_shut),
    *(wrong_addresses, datagrams, descriptors, ready, refused_and_ready, reset_and_ready, epoll),
)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("program", BY_FAMILY, ids=lambda program: program.__name__)
def test_sockets(program, family, simulation, simulated):
    real, notes = in_both(program, simulation, simulated, family)
    assert notes == real


def pipes(world, note):
    os = world.os
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    note(os.get_blocking, reader)
    note(os.get_blocking, writer)
    note(os.read, reader, 1)
    note(os.write, writer, b"hello")
    note(os.read, writer, 1)
    note(os.write, reader, b"x")
    note(os.read, reader, 3)
    note(os.isatty, reader)
    note(os.lseek, reader, 0, 0)
    note(os.get_inheritable, reader)
    note(lambda: os.fstat(reader).st_mode)
    poller = world.select.poll()
    for number in (reader, writer):
        poller.register(number)
    note(lambda: [events for _, events in poller.poll(0)])
    os.close(writer)
    note(lambda: [events for _, events in poller.poll(0)])
    note(os.read, reader, 10)
    note(lambda: [events for _, events in poller.poll(0)])
    note(os.read, reader, 10)
    note(os.close, writer)
    os.close(reader)
    reader, writer = os.pipe()
    os.close(reader)
    note(lambda: [events for _, events in poller.poll(0)])
    note(os.write, writer, b"x")
    os.close(writer)


def full_pipes(world, note):
    os = world.os
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    note(os.write, writer, bytes(100_000))
    note(os.write, writer, b"x")
    note(lambda: len(os.read(reader, 1)))
    os.read(reader, 8192)
    note(os.write, writer, bytes(4096))
    os.close(reader)
    os.close(writer)


def files_over_pipes(world, note):
    os = world.os
    reader, writer = os.pipe()
    with os.fdopen(reader) as text, os.fdopen(writer, "wb") as binary:
        note(binary.write, b"one\ntwo\nthree")
        note(binary.flush)
        note(text.readline)
        note(text.readable)
        note(text.writable)
        note(binary.seekable)
        note(binary.read, 1)
        binary.close()
        note(text.read)
        note(text.read)
        note(text.isatty)
    note(text.read)
    note(os.fdopen, reader)
    reader, writer = os.pipe()
    note(lambda: type(os.fdopen(reader, "r", closefd=False)).__name__)
    note(lambda: type(os.fdopen(reader, "rb", closefd=False)).__name__)
    note(lambda: os.fdopen(reader, "r+", closefd=False))
    note(lambda: os.fdopen(reader, "q", closefd=False))
    note(lambda: os.fdopen(reader, "r", 0, closefd=False))
    note(lambda: os.fdopen(writer, "w", 1, closefd=False).line_buffering)
    note(lambda: os.fdopen(writer, "wb", 0, closefd=False).write(b"x"))
    note(os.read, reader, 1)
    os.close(reader)
    os.close(writer)


def files_over_sockets(world, note):
    ours, theirs = world.socket.socketpair()
    with ours, theirs, ours.makefile("rw", newline="\n") as file, theirs.makefile("rb") as other:
        note(file.write, "line\nrest")
        note(file.flush)
        note(other.readline)
        note(other.read, 4)
        note(theirs.send, b"back\n")
        note(file.readline)
        note(lambda: isinstance(other, world.io.BufferedReader))
        note(lambda: isinstance(other, world.io.IOBase))


def names(world, note):
    socket = world.socket
    note(socket.gethostbyname, "localhost")
    note(socket.gethostbyname, "127.0.0.5")
    note(socket.inet_aton, "127.0.0.1")
    note(socket.getservbyname, "http")
    note(lambda: socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM))
    note(lambda: socket.getaddrinfo("127.0.0.1", "http", type=socket.SOCK_STREAM))
    note(lambda: socket.getaddrinfo("::1", 80, 0, socket.SOCK_DGRAM))
    place = "localhost", 80, socket.AF_INET, socket.SOCK_STREAM
    note(lambda: set(socket.getaddrinfo(*place)))  # a real system may know it twice
    note(lambda: socket.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST))
    note(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 17))


def listening_for_both(world, note):
    server = world.socket.create_server(("", 0), family=world.socket.AF_INET6, dualstack_ipv6=True)
    port = server.getsockname()[1]
    client = world.socket.create_connection(("127.0.0.1", port))
    accepted, told = server.accept()
    note(lambda: (told[0], accepted.getsockname()[0], client.getpeername()[0]))
    other = world.socket.socket()
    note(other.bind, ("127.0.0.1", port))
    for sock in (server, client, accepted, other):
        sock.close()


@pytest.mark.parametrize(
    "program",
    [pipes, full_pipes, files_over_pipes, files_over_sockets, names, listening_for_both],
    ids=lambda program: program.__name__,
)
def test_what_has_no_family(program, simulation, simulated):
    real, notes = in_both(program, simulation, simulated)
    assert notes == real


CALLS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(
            [
                *(("send", b"abc"), ("send", b""), ("recv", 2), ("recv", 100), ("recv", 0)),
                *(("shutdown", socket.SHUT_RD), ("shutdown", socket.SHUT_WR)),
                *(("shutdown", socket.SHUT_RDWR), ("close", None), ("events", None)),
            ]
        ),
    ),
    max_size=8,
)


def calls_on_a_pair(world, note, family, calls):
    ends = connected(world, family)
    poller = world.select.poll()
    for end, (name, argument) in calls:
        if ends[end].fileno() < 0:
            continue
        if name == "events":
            poller = world.select.poll()
            poller.register(ends[end])
            note(lambda: [events for _, events in poller.poll(0)])
        else:
            note(getattr(ends[end], name), *([] if argument is None else [argument]))
    for end in ends:
        end.close()


@pytest.mark.parametrize("family", ["AF_UNIX", "AF_INET"])
@given(calls=CALLS)
@example(calls=[(1, ("send", b"abc")), (0, ("close", None)), (1, ("recv", 0))])
def test_any_calls_on_a_pair(calls, family, simulation, simulated):
    real, notes = in_both(calls_on_a_pair, simulation, simulated, family, calls)
    assert notes == real


# What takes time, which is simulated alone


@pytest.fixture
def program(tmp_path):
    """A function that executes the ``scenario`` of a program so many times."""

    def execute(text, times=1):
        name = f"program_{tmp_path.name.replace('-', '_')}"
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text))
        simulation = Simulation(Project([name], [str(tmp_path)]))
        scenario = simulation.load(name).scenario
        return [simulation.execute(scenario) for _ in range(times)]

    return execute


def test_who_waits_is_woken_by_data_or_by_time(program):
    assert program(
        """
        import socket, threading, time

        def scenario():
            ours, theirs = socket.socketpair()
            def send():
                time.sleep(2)
                theirs.sendall(b"x")
            thread = threading.Thread(target=send)
            thread.start()
            times = [ours.recv(1), time.monotonic()]
            ours.settimeout(3)
            try:
                ours.recv(1)
            except TimeoutError as error:
                times += [str(error), time.monotonic()]
            thread.join()
            return times
        """
    ) == [[b"x", 2, "timed out", 5]]


def test_a_sender_waits_for_room(program):
    assert program(
        f"""
        import os, socket, threading, time

        def scenario():
            times = []
            ours, theirs = socket.socketpair()
            reader, writer = os.pipe()
            def read():
                for seconds in (1, 2):
                    time.sleep(1)
                    for _ in range(2):
                        assert len(ours.recv({CAPACITY})) == {CAPACITY}
                        assert len(os.read(reader, {CAPACITY})) == {CAPACITY}
            thread = threading.Thread(target=read)
            thread.start()
            assert theirs.send(bytes(2 * {CAPACITY})) == 2 * {CAPACITY}
            times.append(time.monotonic())
            assert os.write(writer, bytes(2 * {CAPACITY})) == 2 * {CAPACITY}
            theirs.settimeout(0.25)
            try:
                theirs.sendall(bytes(2 * {CAPACITY}))
            except TimeoutError:
                times.append(time.monotonic())
            theirs.setblocking(True)
            theirs.sendall(bytes({CAPACITY}))
            os.write(writer, bytes(2 * {CAPACITY}))
            thread.join()
            return times
        """
    ) == [[1, 1.25]]


def test_a_client_waits_for_a_place(program):
    assert program(
        """
        import socket, threading, time

        def scenario():
            times = []
            server = socket.create_server(("127.0.0.1", 0), backlog=1)
            def accept():
                time.sleep(1)
                server.accept()
            thread = threading.Thread(target=accept)
            thread.start()
            for _ in range(3):
                socket.create_connection(server.getsockname())
                times.append(time.monotonic())
            thread.join()
            late = socket.socket()
            late.settimeout(1)
            try:
                late.connect(server.getsockname())
            except TimeoutError:
                times.append(time.monotonic())
            def close():
                time.sleep(1)
                server.close()
            thread = threading.Thread(target=close)
            thread.start()
            late = socket.socket()
            try:
                late.connect(server.getsockname())
            except ConnectionRefusedError:
                times.append(time.monotonic())
            thread.join()
            return times
        """
    ) == [[0, 0, 1, 2, 3]]


@pytest.mark.parametrize(
    "wait",
    [
        "select.select([reader], [], [], 9)[0] == [reader]",
        "select.select([], [reader], [], 3)[1] == []",
        "poll.poll(9000) == [(reader.fileno(), select.POLLIN)]",
        "epoll.poll(9) == [(reader.fileno(), select.EPOLLIN)]",
        "nested.poll() == [(epoll.fileno(), select.EPOLLIN)]",
    ],
)
def test_a_selector_waits_for_any_of_its_files(program, wait):
    assert program(
        f"""
        import select, socket, threading, time

        def scenario():
            reader, writer = socket.socketpair()
            reader.send(bytes({CAPACITY}))
            poll, epoll, nested = select.poll(), select.epoll(), select.epoll()
            poll.register(reader, select.POLLIN)
            epoll.register(reader, select.EPOLLIN)
            nested.register(epoll, select.EPOLLIN)
            def send():
                time.sleep(3)
                writer.send(b"x")
            thread = threading.Thread(target=send)
            thread.start()
            assert {wait}
            assert time.monotonic() == 3
            thread.join()
        """
    ) == [None]


def test_an_epoll_that_waits_is_told_of_a_new_file(program):
    program(
        """
        import select, socket, threading, time

        def scenario():
            reader, writer = socket.socketpair()
            writer.send(b"x")
            epoll = select.epoll()
            thread = threading.Timer(1, epoll.register, (reader, select.EPOLLIN))
            thread.start()
            assert len(epoll.poll()) == 1
            assert time.monotonic() == 1
            thread.join()
        """
    )


def test_a_file_that_is_closed_while_somebody_reads_is_so_afterwards(program):
    """As on Linux: whoever reads is not woken, and the other end sees it when nobody does."""
    program(
        """
        import socket, threading, time

        def scenario():
            ours, theirs = socket.socketpair()
            got = []
            def read():
                got.append(ours.recv(1))
                got.append(time.monotonic())
            thread = threading.Thread(target=read)
            thread.start()
            time.sleep(1)
            ours.close()
            assert theirs.send(b"x") == 1
            thread.join()
            assert got == [b"x", 1]
            assert theirs.recv(1) == b""
            theirs.close()
            ours, theirs = socket.socketpair()
            ours.settimeout(9)
            def read():
                try:
                    ours.recv(1)
                except OSError as error:
                    got.append(error.errno)
            thread = threading.Thread(target=read)
            thread.start()
            time.sleep(1)
            ours.close()
            theirs.send(b"x")
            thread.join()
            assert got.pop() == 9
        """
    )


def test_two_threads_may_read_from_one_buffer(program):
    """With a lock of the system's they would be one thread, and raise 'reentrant call'."""
    program(
        """
        import os, socket, threading

        def scenario():
            reader, writer = os.pipe()
            ours, theirs = socket.socketpair()
            for file, send in (
                (os.fdopen(reader, "rb"), lambda data: os.write(writer, data)),
                (ours.makefile("rb"), theirs.sendall),
                (ours.makefile("rwb"), theirs.sendall),
            ):
                lines = []
                threads = [
                    threading.Thread(target=lambda: lines.append(file.readline()))
                    for _ in range(2)
                ]
                for thread in threads:
                    thread.start()
                send(b"one\\ntwo\\n")
                for thread in threads:
                    thread.join()
                assert sorted(lines) == [b"one\\n", b"two\\n"]
        """
    )


def test_what_is_made_at_the_import_is_as_it_was_then_in_each_execution(program):
    results = program(
        """
        import os, socket, random

        reader, writer = os.pipe()
        os.write(writer, b"xyz")
        server = socket.create_server(("127.0.0.1", 8000))
        ours, theirs = socket.socketpair()

        def scenario():
            result = [os.read(reader, 2), ours.fileno() >= 0, os.urandom(4)]
            client = socket.create_connection(("127.0.0.1", 8000))
            server.accept()
            server.close()
            ours.close()
            theirs.settimeout(5)
            new = socket.socket()
            new.bind(("127.0.0.1", 0))
            return *result, client.fileno(), new.getsockname()
        """,
        times=3,
    )
    assert results[0][:2] == (b"xy", True)
    assert results[0][3:] == (FIRST + 5, ("127.0.0.1", FIRST_PORT + 1))
    assert results[1:] == results[:1] * 2


@pytest.mark.parametrize(
    "call",
    [
        "socket.socket(socket.AF_INET, socket.SOCK_RAW)",
        "socket.socketpair()[0].sendmsg([b'x'], [(1, 1, b'')])",
        "socket.socket().setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, bytes(16))",
        "select.select([0], [], [], 0)",
        "select.epoll().register(socket.socket(), select.EPOLLIN | select.EPOLLET)",
        "os.dup2(socket.socket().fileno(), 1)",
        "os.read(0, 1)",
        "multiprocessing.Process(target=print).start()",
        "subprocess.run(['true'])",
    ],
)
def test_what_is_not_simulated_is_refused_when_it_is_called(program, call):
    with pytest.raises(CannotSimulate, match=r"^[^\n]* cannot be simulated: [^\n]*$"):
        program(
            f"""
            import multiprocessing, os, select, socket, subprocess

            def scenario():
                try:
                    {call}
                except BaseException:
                    pass
            """
        )


def test_semaphores_block_threads(program):
    program(
        """
        import multiprocessing, threading, time

        def scenario():
            semaphore = multiprocessing.BoundedSemaphore(1)
            threading.Timer(2, semaphore.release).start()
            assert semaphore.acquire() and not semaphore.acquire(timeout=1)
            assert time.monotonic() == 1
            assert semaphore.acquire() and time.monotonic() == 2
            semaphore.release()
            try:
                semaphore.release()
            except ValueError:
                pass
            lock = multiprocessing.RLock()
            with lock, lock:
                thread = threading.Timer(1, lambda: errors.append(lock.acquire(timeout=3)))
                errors = []
                thread.start()
                time.sleep(5)
                assert errors == [False]
            threading.Timer(0, try_to_release, (lock,)).start()
            time.sleep(1)

        def try_to_release(lock):
            try:
                lock.release()
            except AssertionError:
                pass
        """
    )
