"""The client's lock is always taken before the coordinator's."""

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
        with self.client.lock, self.lock:
            if self.known:
                self.client.send()


def application(coordinator):
    coordinator.client.poll()


PARTS = Parts(Coordinator, [Coordinator.heartbeat, application])


def scenario():
    PARTS.run()
