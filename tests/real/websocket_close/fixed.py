"""One of the two takes the socket off the app, under a lock, and deals with what it has taken."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Socket:
    def __init__(self):
        self.hung_up = threading.Event()
        self.reason = None

    def close(self):
        self.reason = "going away"
        self.hung_up.set()


class App:
    def __init__(self):
        self.lock = threading.Lock()
        self.socket = Socket()
        self.last_reason = None

    def take(self):
        with self.lock:
            socket, self.socket = self.socket, None
        return socket

    def close(self):
        socket = self.take()
        if socket:
            socket.close()
            self.last_reason = socket.reason

    def receive(self):
        with self.lock:
            socket = self.socket
        if socket:
            socket.hung_up.wait()
            self.take()


PARTS = Parts(App, [App.receive, App.close])


def scenario():
    PARTS.run()
