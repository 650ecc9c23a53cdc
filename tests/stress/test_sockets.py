"""``IOTask`` on TCP connections with a lot to receive."""

import contextlib
import random
import struct

import pytest

from tests.properties import in_threads

pytestmark = pytest.mark.needs("IOTask")


@contextlib.contextmanager
def tcp_pair(world):
    socket = world.socket
    with socket.create_server(("127.0.0.1", 0)) as server:
        peer = socket.create_connection(server.getsockname())
        ours, _address = server.accept()
    with ours, peer:
        yield ours, peer


def reset(world, sock):
    """Close ``sock`` with a reset in place of an end of file."""
    linger = world.socket.SOL_SOCKET, world.socket.SO_LINGER
    sock.setsockopt(*linger, struct.pack("ii", 1, 0))
    sock.close()


def test_I1_many_connections_with_much_to_receive(world):
    data = [random.Random(number).randbytes(300_000) for number in range(8)]
    handled = [bytearray() for _ in data]

    def connection(number):
        sizes = random.Random(number)

        def scenario():
            task = world.subject.IOTask(handled[number].extend, timeout=0.001, bufsize=4096)
            with tcp_pair(world) as (ours, peer):

                def send():
                    rest = memoryview(data[number])
                    while rest:
                        size = sizes.randrange(1, 20_000)
                        peer.sendall(rest[:size])
                        rest = rest[size:]
                    peer.shutdown(world.socket.SHUT_WR)

                in_threads(world, lambda: task.run(ours), send)

        return scenario

    world.run(lambda: in_threads(world, *map(connection, range(len(data)))))
    assert [bytes(got) for got in handled] == data


def test_I8_termination_loses_nothing(world):
    def scenario():
        for seed in range(30):
            handled = bytearray()
            data = random.Random(seed).randbytes(20_000)
            task = world.subject.IOTask(handled.extend, timeout=0.001, bufsize=100)
            with tcp_pair(world) as (ours, peer):

                def send():
                    peer.sendall(data)
                    peer.shutdown(world.socket.SHUT_WR)

                in_threads(world, lambda: task.run(ours), send, task.terminate)
                while rest := ours.recv(65536):
                    handled.extend(rest)
            assert handled == data

    world.run(scenario)


def test_I6_peers_that_reset(world):
    def scenario():
        for seed in range(30):
            data = random.Random(seed).randbytes(5000)
            handled = bytearray()
            task = world.subject.IOTask(handled.extend, timeout=0.001, bufsize=64)
            with tcp_pair(world) as (ours, peer):
                ours.settimeout(12.5)

                def run():
                    with pytest.raises(ConnectionResetError):
                        task.run(ours)

                def send():
                    peer.sendall(data)
                    reset(world, peer)

                in_threads(world, run, send)
                assert ours.gettimeout() == 12.5
            assert data.startswith(handled)

    world.run(scenario)
