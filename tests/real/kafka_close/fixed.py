"""``close`` waits for the thread before it closes what that sends with."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Selector:
    def __init__(self):
        self.lock = threading.Lock()
        self.closed = False
        self.sent = 0

    def send(self):
        with self.lock:
            if self.closed:
                raise ValueError("I/O operation on closed selector")
            self.sent += 1

    def close(self):
        with self.lock:
            self.closed = True


class Consumer:
    def __init__(self):
        self.selector = Selector()
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.heartbeat)

    def heartbeat(self):
        while not self.stopped.is_set():
            self.selector.send()
            self.stopped.wait(3)

    def close(self):
        self.stopped.set()
        self.thread.join()
        self.selector.close()


def application(consumer):
    consumer.thread.start()
    consumer.close()


PARTS = Parts(Consumer, [application])


def scenario():
    PARTS.run()
