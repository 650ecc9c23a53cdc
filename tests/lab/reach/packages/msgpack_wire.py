"""msgpack: messages over a pair of sockets.

Racy: two threads share a packer's buffer.
"""

import socket
import threading

import msgpack


class Sender:
    def __init__(self, sock):
        self.sock = sock
        self.lock = threading.Lock()
        self.packer = msgpack.Packer(autoreset=False)

    def send(self, message):
        with self.lock:
            self.send_alone(message)

    def send_alone(self, message):
        self.packer.pack(message)
        self.sock.sendall(self.packer.bytes())
        self.packer.reset()


def exchange(careful):
    ours, theirs = socket.socketpair()
    messages = [{"n": 1}, {"n": 2}]
    with ours, theirs:
        sender = Sender(ours)
        send = sender.send if careful else sender.send_alone
        threads = [threading.Thread(target=send, args=(message,)) for message in messages]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ours.shutdown(socket.SHUT_WR)
        with theirs.makefile("rb") as stream:
            got = list(msgpack.Unpacker(stream))
    assert sorted(got, key=str) == messages


def scenario():
    exchange(careful=True)


def racy():
    exchange(careful=False)


if __name__ == "__main__":
    scenario()
