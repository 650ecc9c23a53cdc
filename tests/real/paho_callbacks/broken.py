"""The network thread holds the lock of the callbacks while it calls one, and that publishes an
answer, which takes the lock of the messages to send. A thread that publishes has that one, and
wants the lock of the callbacks, to have the socket watched.

Report: Eclipse Paho, issue 354:
https://github.com/eclipse-paho/paho.mqtt.python/issues/354
Versions: paho-mqtt of July 2020
Kind: deadlock by order
Found: deadlock
Token: 16.1,17+1.1
"""

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
            self.on_message(message)


def network(client):
    client.receive("question")


def worker(client):
    client.publish("news")


PARTS = Parts(Client, [network, worker])


def scenario():
    PARTS.run()
