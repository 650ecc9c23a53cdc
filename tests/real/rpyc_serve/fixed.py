"""A reply is handed over before anybody else may serve, and is looked for once one may."""

import queue
import threading

from tests.benchmarks.yardstick.parts import Parts


class Connection:
    def __init__(self):
        self.receiving = threading.Lock()
        self.messages = queue.Queue()
        self.replies = {}

    def request(self, number):
        self.messages.put(number)  # the peer answers at once

    def serve(self, awaited=None):
        with self.receiving:
            if awaited not in self.replies:
                number = self.messages.get()
                self.replies[number] = "done"

    def wait(self, number):
        while number not in self.replies:
            self.serve(number)


def client(connection):
    connection.request(1)
    connection.wait(1)
    connection.request(None)  # to end


def server(connection):
    connection.serve()


PARTS = Parts(Connection, [client, server])


def scenario():
    PARTS.run()
