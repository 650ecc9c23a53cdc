"""requests, and urllib3 beneath it, over loopback.

Racy: the session's totals are added bare.
"""

import threading
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = b'{"price": 5}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def buy(lock):
    totals = {"price": 0}
    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
        loop = threading.Thread(target=server.serve_forever)
        loop.start()
        with requests.Session() as session:
            session.trust_env = False

            def client(thing):
                url = f"http://127.0.0.1:{server.server_port}/{thing}"
                answer = session.get(url, timeout=60)
                answer.raise_for_status()
                with lock:
                    totals["price"] += answer.json()["price"]

            clients = [threading.Thread(target=client, args=(thing,)) for thing in ("tea", "milk")]
            for each in clients:
                each.start()
            for each in clients:
                each.join()
        server.shutdown()
        loop.join()
    assert totals["price"] == 10


def scenario():
    buy(threading.Lock())


def racy():
    buy(nullcontext())


if __name__ == "__main__":
    scenario()
