"""One thread sends all signs of life, until it is told to end."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Client:
    def __init__(self):
        self.sent = 0
        self.logged_out = threading.Event()

    def keep_alive(self, interval):
        self.sent += 1
        while not self.logged_out.wait(interval):
            self.sent += 1

    def run(self):
        thread = threading.Thread(target=self.keep_alive, args=(5,))
        thread.start()
        self.logged_out.wait()
        thread.join()


def user(client):
    client.logged_out.wait(12)
    client.logged_out.set()


PARTS = Parts(Client, [Client.run, user])


def scenario():
    PARTS.run()
