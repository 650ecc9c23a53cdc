"""waitress: a server of one loop and several workers.

Racy: a page counts its readers bare.
"""

import http.client
import threading
from contextlib import nullcontext

import waitress


def make_app(lock, readers):
    def app(environ, start_response):
        with lock:
            readers["count"] = readers["count"] + 1
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["PATH_INFO"].encode()]

    return app


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    assert connection.getresponse().read() == path.encode()
    connection.close()


def serve(lock):
    readers = {"count": 0}
    server = waitress.create_server(make_app(lock, readers), listen="127.0.0.1:0", threads=2)
    loop = threading.Thread(target=server.run)
    loop.start()
    clients = [
        threading.Thread(target=get, args=(server.effective_port, path)) for path in ("/a", "/b")
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    server.trigger.pull_trigger(server.close)
    loop.join()
    server.task_dispatcher.shutdown()
    assert readers["count"] == 2


def scenario():
    serve(threading.Lock())


def racy():
    serve(nullcontext())


if __name__ == "__main__":
    scenario()
