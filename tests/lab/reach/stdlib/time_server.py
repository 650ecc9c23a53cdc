"""A TCP server by hand: listen, accept, a thread for each.

Racy: who has come is counted alone.
"""

import socket
import threading


class Server:
    def __init__(self, lock=None):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        self.lock = lock
        self.served = 0

    def serve(self, connections):
        handlers = []
        for _ in range(connections):
            connection, _ = self.listener.accept()
            handlers.append(threading.Thread(target=self.handle, args=(connection,)))
            handlers[-1].start()
        for handler in handlers:
            handler.join()

    def handle(self, connection):
        with connection:
            assert connection.recv(16) == b"what time?"
            if self.lock:
                with self.lock:
                    self.served += 1
            else:
                self.served += 1
            connection.sendall(b"noon")


def ask(address, answers):
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(b"what time?")
        answers.append(connection.recv(16))


def run(server):
    answers = []
    threads = [threading.Thread(target=ask, args=(server.address, answers)) for _ in range(2)]
    for thread in threads:
        thread.start()
    server.serve(2)
    for thread in threads:
        thread.join()
    server.listener.close()
    assert answers == [b"noon"] * 2
    assert server.served == 2


def scenario():
    run(Server(threading.Lock()))


def racy():
    run(Server())


if __name__ == "__main__":
    scenario()
