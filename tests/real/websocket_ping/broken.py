"""A connection counts as lost if its last ping is more than a second after its last pong. A ping
that has just been sent is, until its pong comes, which takes a tenth of a second.

Report: websocket-client, issue 327:
https://github.com/websocket-client/websocket-client/issues/327
Versions: websocket-client 0.41.1
Kind: timeout
Found: exception TimeoutError
Token: 30+1.1
"""

import threading
import time

from tests.benchmarks.yardstick.parts import Parts


class App:
    def __init__(self):
        self.lock = threading.Lock()
        self.ping = self.pong = time.monotonic()

    def send_pings(self):
        for _ in range(2):
            time.sleep(2)
            with self.lock:
                self.ping = time.monotonic()
            time.sleep(0.1)
            with self.lock:
                self.pong = time.monotonic()

    def receive(self):
        for _ in range(8):
            time.sleep(0.75)
            with self.lock:
                if self.ping - self.pong > 1:
                    raise TimeoutError("ping/pong timed out")


PARTS = Parts(App, [App.send_pings, App.receive])


def scenario():
    PARTS.run()
