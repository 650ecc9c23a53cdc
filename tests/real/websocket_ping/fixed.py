"""A ping without a pong is given a second from now."""

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
                if self.ping > self.pong and time.monotonic() - self.ping > 1:
                    raise TimeoutError("ping/pong timed out")


PARTS = Parts(App, [App.send_pings, App.receive])


def scenario():
    PARTS.run()
