"""cheroot: a WSGI server with a pool of threads.

Racy: the application counts its calls bare.
"""

import http.client
import threading
from contextlib import nullcontext

from cheroot import wsgi


class Application:
    def __init__(self, lock):
        self.lock = lock
        self.calls = 0

    def __call__(self, environ, start_response):
        with self.lock:
            self.calls += 1
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]


def get(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/", headers={"Connection": "close"})
    assert connection.getresponse().read() == b"ok"
    connection.close()


def serve(lock):
    app = Application(lock)
    server = wsgi.Server(("127.0.0.1", 0), app, numthreads=2)
    server.prepare()
    loop = threading.Thread(target=server.serve)
    loop.start()
    clients = [threading.Thread(target=get, args=(server.bind_addr[1],)) for _ in range(2)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    server.stop()
    loop.join()
    assert app.calls == 2


def scenario():
    serve(threading.Lock())


def racy():
    serve(nullcontext())


if __name__ == "__main__":
    scenario()
