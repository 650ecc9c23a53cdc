"""Two threads call a function that a timer decorates; each call takes 2 s."""

import threading
import time

from statsd import StatsClient


class Client(StatsClient):
    """Keeps what it would send."""

    def __init__(self):
        self.sent = []

    def timing(self, stat, delta, rate=1):
        self.sent.append(delta)


def scenario():
    client = Client()
    sleep = client.timer("sleep")(time.sleep)

    def call(after):
        time.sleep(after)
        sleep(2)

    threads = [threading.Thread(target=call, args=(after,)) for after in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(client.sent) >= 2000
