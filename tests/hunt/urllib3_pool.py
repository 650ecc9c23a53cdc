import http.server
import threading

import urllib3


class Hello(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *args):
        pass


def scenario():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hello)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    with urllib3.PoolManager(maxsize=1, block=True) as manager:
        url = f"http://127.0.0.1:{server.server_port}/"
        got = []
        threads = [
            threading.Thread(target=lambda: got.append(manager.request("GET", url).data))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    server.shutdown()
    server.server_close()
    serving.join()
    assert got == [b"hello"] * 2
