"""socketserver, a thread for each request.

Racy: the server counts its hits without a lock.
"""

import contextlib
import socket
import socketserver
import threading


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        name = self.rfile.readline().strip().decode()
        with self.server.lock:
            self.server.hits += 1
        self.wfile.write(f"hello {name}\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    hits = 0


def greet(address, name):
    with socket.create_connection(address) as client, client.makefile("rw") as stream:
        print(name, file=stream, flush=True)
        assert stream.readline() == f"hello {name}\n"


def serve(lock):
    with Server(("127.0.0.1", 0), Handler) as server:
        server.lock = lock
        loop = threading.Thread(target=server.serve_forever)
        loop.start()
        clients = [
            threading.Thread(target=greet, args=(server.server_address, name))
            for name in ("ada", "bob")
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        server.shutdown()
        loop.join()
    assert server.hits == 2


def scenario():
    serve(threading.Lock())


def racy():
    serve(contextlib.nullcontext())


if __name__ == "__main__":
    scenario()
