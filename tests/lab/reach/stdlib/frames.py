"""socket.socketpair, and messages with their length before them.

Racy: two write at a time.
"""

import contextlib
import socket
import struct
import threading


def send(sock, lock, text):
    with lock:
        sock.sendall(struct.pack("!H", len(text)))
        sock.sendall(text.encode())


def receive(stream):
    (length,) = struct.unpack("!H", stream.read(2))
    return stream.read(length).decode()


def talk(lock):
    ours, theirs = socket.socketpair()
    texts = ["to be", "or not to be"]
    threads = [threading.Thread(target=send, args=(ours, lock, text)) for text in texts]
    with ours, theirs, theirs.makefile("rb") as stream:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ours.shutdown(socket.SHUT_WR)
        assert sorted(receive(stream) for _ in texts) == sorted(texts)
        assert stream.read() == b""


def scenario():
    talk(threading.Lock())


def racy():
    talk(contextlib.nullcontext())


if __name__ == "__main__":
    scenario()
