"""urllib.request against a server of the same process, which answers each request in a thread.

Racy: the server counts what it is asked without a lock.
"""

import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Feed(BaseHTTPRequestHandler):
    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        if "page" not in query:
            self.send_error(404)
            return
        with self.server.lock:
            self.server.asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"page {query['page'][0]}".encode())

    def log_message(self, *args):
        pass


def fetch(base, page):
    with urllib.request.urlopen(f"{base}?page={page}", timeout=60) as response:
        assert response.read().decode() == f"page {page}"


def read(lock):
    with ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        server.asked, server.lock = 0, lock
        loop = threading.Thread(target=server.serve_forever)
        loop.start()
        base = f"http://127.0.0.1:{server.server_port}/feed"
        threads = [threading.Thread(target=fetch, args=(base, page)) for page in (1, 2)]
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
    assert server.asked == 2


def scenario():
    read(threading.Lock())


def racy():
    read(nullcontext())


if __name__ == "__main__":
    scenario()
