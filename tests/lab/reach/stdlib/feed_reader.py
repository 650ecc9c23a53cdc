"""urllib.request against a server of the same process.

Racy: the letters of all pages are added up bare.
"""

import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, HTTPServer


class Feed(BaseHTTPRequestHandler):
    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        if "page" not in query:
            self.send_error(404)
            return
        self.server.asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"page {query['page'][0]}".encode())

    def log_message(self, *args):
        pass


def fetch(url, pages, lock):
    with urllib.request.urlopen(url, timeout=60) as response:
        text = response.read().decode()
    with lock:
        pages["letters"] += len(text)
    pages[url] = text


def read(lock):
    pages = {"letters": 0}
    with HTTPServer(("127.0.0.1", 0), Feed) as server:
        server.asked = 0
        loop = threading.Thread(target=server.serve_forever)
        loop.start()
        base = f"http://127.0.0.1:{server.server_port}/feed"
        threads = [
            threading.Thread(target=fetch, args=(f"{base}?page={n}", pages, lock)) for n in (1, 2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        try:
            urllib.request.urlopen(base, timeout=60)
        except urllib.error.HTTPError as error:
            assert error.code == 404
            error.close()
        server.shutdown()
        loop.join()
    assert pages[base + "?page=2"] == "page 2"
    assert server.asked == 2
    assert pages["letters"] == 12


def scenario():
    read(threading.Lock())


def racy():
    read(nullcontext())


if __name__ == "__main__":
    scenario()
