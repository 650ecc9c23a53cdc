"""``close`` tells the heartbeat thread to end, does not wait for that, and closes what it sends
with.

Report: kafka-python, issue 1666: https://github.com/dpkp/kafka-python/issues/1666
Versions: kafka-python 1.4.2 to March 2019
Kind: order of shutdown
Found: exception ValueError
Token: 22.1
"""

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
        self.selector.close()


def application(consumer):
    consumer.thread.start()
    consumer.close()
    consumer.thread.join()


PARTS = Parts(Consumer, [application])


def scenario():
    PARTS.run()
