"""The heartbeat thread holds the coordinator's lock when it asks the client to send; the client
holds its own lock when it finds a connection lost, and tells the coordinator. Each waits for the
other.

Report: kafka-python, issue 1461: https://github.com/dpkp/kafka-python/issues/1461
Versions: kafka-python of March 2018
Kind: deadlock by order
Found: deadlock
Token: 21.1,22+1.1
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Client:
    def __init__(self):
        self.lock = threading.RLock()
        self.sent = 0
        self.on_lost = None

    def send(self):
        with self.lock:
            self.sent += 1

    def poll(self):
        with self.lock:
            self.on_lost()


class Coordinator:
    def __init__(self):
        self.lock = threading.RLock()
        self.known = True
        self.client = Client()
        self.client.on_lost = self.forget

    def forget(self):
        with self.lock:
            self.known = False

    def heartbeat(self):
        with self.lock:
            if self.known:
                self.client.send()


def application(coordinator):
    coordinator.client.poll()


PARTS = Parts(Coordinator, [Coordinator.heartbeat, application])


def scenario():
    PARTS.run()
