"""To configure logging anew takes the module's lock, and then that of each handler, to close it. A
handler has its lock while it emits, and whatever it calls may ask for a logger of its own, which
takes the module's lock.

Report: CPython, issue 96727: https://github.com/python/cpython/issues/96727
Versions: Python of September 2022
Kind: deadlock by order
Found: deadlock
Token: 20.1,22.1
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Logging:
    """The module, with one handler."""

    def __init__(self):
        self.lock = threading.RLock()
        self.loggers = {}
        self.handler = Handler(self)

    def get_logger(self, name):
        with self.lock:
            return self.loggers.setdefault(name, [])

    def configure(self):
        with self.lock:
            self.handler.close()
            self.handler = Handler(self)


class Handler:
    def __init__(self, logging):
        self.lock = threading.RLock()
        self.logging = logging
        self.closed = False

    def close(self):
        with self.lock:
            self.closed = True

    def handle(self, record):
        with self.lock:
            self.emit(record)

    def emit(self, record):
        self.logging.get_logger("sender")  # by the library that it sends records with


def application(logging):
    with logging.lock:
        handler = logging.handler
    handler.handle("started")


PARTS = Parts(Logging, [application, Logging.configure])


def scenario():
    PARTS.run()
