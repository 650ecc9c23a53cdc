"""The lock is held to read which callback there is, and no longer when that is called."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Client:
    def __init__(self):
        self.callbacks = threading.RLock()
        self.messages = threading.RLock()
        self.outgoing = []
        self.watched = 0

    def watch_socket(self):
        with self.callbacks:
            self.watched += 1

    def publish(self, message):
        with self.messages:
            self.outgoing.append(message)
            self.watch_socket()

    def on_message(self, message):
        self.publish("answer to " + message)

    def receive(self, message):
        with self.callbacks:
            on_message = self.on_message
        on_message(message)


def network(client):
    client.receive("question")


def worker(client):
    client.publish("news")


PARTS = Parts(Client, [network, worker])


def scenario():
    PARTS.run()
