import http.server
import threading

import httpx


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
    limits = httpx.Limits(max_connections=1)
    with httpx.Client(limits=limits, trust_env=False, verify=False) as client:
        url = f"http://127.0.0.1:{server.server_port}/"
        got = []
        threads = [
            threading.Thread(target=lambda: got.append(client.get(url).text)) for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    server.shutdown()
    server.server_close()
    serving.join()
    assert got == ["hello"] * 2
