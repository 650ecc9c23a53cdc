"""A pool is closed while a request is on its way."""

import threading

import urllib3
from urllib3.connectionpool import HTTPConnectionPool


class Connection:
    """Answers without a network."""

    proxy = None
    is_closed = False
    is_connected = True

    def __init__(self, **options):
        self.host, self.port = options["host"], options["port"]
        self.timeout = None
        self.is_verified = True

    def request(self, *args, **options):
        pass

    def getresponse(self):
        return urllib3.HTTPResponse(b"hello", preload_content=True)

    def close(self):
        self.is_closed = True


def scenario():
    pool = HTTPConnectionPool("example.org", maxsize=1, block=True)
    pool.ConnectionCls = Connection
    got = []

    def ask():
        try:
            got.append(pool.request("GET", "/").data)
        except urllib3.exceptions.ClosedPoolError:
            got.append("closed")

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    pool.close()
    for thread in threads:
        thread.join()
    assert len(got) == 2
