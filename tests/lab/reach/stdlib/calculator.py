"""xmlrpc: a server with a memory.

Racy: it is recalled and stored by two threads at a time.
"""

import threading
from socketserver import ThreadingMixIn
from xmlrpc.client import ServerProxy
from xmlrpc.server import SimpleXMLRPCServer


class Calculator:
    def __init__(self):
        self.memory = 0
        self.lock = threading.Lock()

    def add(self, number):
        with self.lock:
            return self.add_alone(number)

    def add_alone(self, number):
        self.memory = self.memory + number
        return self.memory


class ThreadingServer(ThreadingMixIn, SimpleXMLRPCServer):
    pass


def use(add, calculator):
    server = ThreadingServer(("127.0.0.1", 0), logRequests=False, allow_none=True)
    server.register_function(add, "add")
    loop = threading.Thread(target=server.serve_forever)
    loop.start()

    def client(number):
        with ServerProxy(f"http://127.0.0.1:{server.server_address[1]}") as proxy:
            assert proxy.add(number) >= number

    clients = [threading.Thread(target=client, args=(number,)) for number in (3, 4)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    server.shutdown()
    loop.join()
    server.server_close()
    assert calculator.memory == 7


def scenario():
    calculator = Calculator()
    use(calculator.add, calculator)


def racy():
    calculator = Calculator()
    use(calculator.add_alone, calculator)


if __name__ == "__main__":
    scenario()
