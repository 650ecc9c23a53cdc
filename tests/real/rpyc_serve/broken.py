"""Whoever waits for a reply serves the connection meanwhile, one at a time. A thread receives the
reply of the other, lets the other serve, and only then hands the reply over. The other has looked
for it before, and waits for a message that nobody will send.

Report: RPyC, issue 354: https://github.com/tomerfiliba-org/rpyc/issues/354
Versions: RPyC 4.0.2 to 5.3.1
Kind: lost wake-up
Found: deadlock
Token: 17.1,19.1
"""

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

    def serve(self):
        with self.receiving:
            number = self.messages.get()
        self.replies[number] = "done"

    def wait(self, number):
        while number not in self.replies:
            self.serve()


def client(connection):
    connection.request(1)
    connection.wait(1)
    connection.request(None)  # to end


def server(connection):
    connection.serve()


PARTS = Parts(Connection, [client, server])


def scenario():
    PARTS.run()
