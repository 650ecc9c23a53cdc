"""``close`` looks twice at the socket, before and after it has closed it. Its peer hangs up
meanwhile, and the thread that receives clears the attribute.

Report: websocket-client, issue 1055:
https://github.com/websocket-client/websocket-client/issues/1055
Versions: websocket-client 1.9.1
Kind: check then act
Found: exception AttributeError
Token: 22.2
"""

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
        self.socket = Socket()
        self.last_reason = None

    def close(self):
        if self.socket:
            self.socket.close()
            self.last_reason = self.socket.reason
            self.socket = None

    def receive(self):
        socket = self.socket
        if socket:
            socket.hung_up.wait()
            self.socket = None


PARTS = Parts(App, [App.receive, App.close])


def scenario():
    PARTS.run()
