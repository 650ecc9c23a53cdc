"""http.server and http.client.

Racy: a new entry is numbered by a look at how many there are.
"""

import http.client
import json
import threading
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class GuestBook(BaseHTTPRequestHandler):
    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self.server.lock:
            number = len(self.server.entries) + 1
            self.server.entries[number] = text
        body = json.dumps({"number": number}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def write(port, text):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/entries", body=text)
    response = connection.getresponse()
    assert response.status == 201
    assert json.load(response)["number"] > 0
    connection.close()


def collect(lock):
    with ThreadingHTTPServer(("127.0.0.1", 0), GuestBook) as server:
        server.lock, server.entries = lock, {}
        loop = threading.Thread(target=server.serve_forever)
        loop.start()
        guests = [
            threading.Thread(target=write, args=(server.server_port, text))
            for text in ("nice", "we were here")
        ]
        for guest in guests:
            guest.start()
        for guest in guests:
            guest.join()
        server.shutdown()
        loop.join()
    assert sorted(server.entries.values()) == ["nice", "we were here"]


def scenario():
    collect(threading.Lock())


def racy():
    collect(nullcontext())


if __name__ == "__main__":
    scenario()
