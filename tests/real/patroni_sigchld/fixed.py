"""What handles the signal puts the record where that takes no lock."""

import signal
import threading
from collections import deque


class Log:
    def __init__(self):
        self.lock = threading.Lock()
        self.records = deque()

    def put(self, record):
        with self.lock:
            self.records.append(record)

    def put_from_a_handler(self, record):
        self.records.append(record)


def end():
    signal.raise_signal(signal.SIGUSR1)


def scenario():
    log = Log()
    before = signal.signal(
        signal.SIGUSR1, lambda number, frame: log.put_from_a_handler("reaped a child")
    )
    child = threading.Thread(target=end)
    child.start()
    log.put("lock owner is me")
    child.join()
    signal.signal(signal.SIGUSR1, before)
    assert len(log.records) == 2
