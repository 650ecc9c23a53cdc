"""The old handler is closed when the module's lock is no longer held."""

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
            replaced, self.handler = self.handler, Handler(self)
        replaced.close()


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
