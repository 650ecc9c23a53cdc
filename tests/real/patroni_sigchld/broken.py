"""The main thread logs by putting a record into a queue. A child process ends meanwhile, and what
handles the signal logs that, too, in the same thread: it waits for the lock of the queue, which the
interrupted call has.

Report: Patroni, pull request 3413: https://github.com/patroni/patroni/pull/3413
Versions: Patroni of July 2025
Kind: re-entrancy from a finaliser or signal handler
Found: deadlock
Token: 10.1,13.1
"""

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


def end():
    signal.raise_signal(signal.SIGUSR1)


def scenario():
    log = Log()
    before = signal.signal(signal.SIGUSR1, lambda number, frame: log.put("reaped a child"))
    child = threading.Thread(target=end)
    child.start()
    log.put("lock owner is me")
    child.join()
    signal.signal(signal.SIGUSR1, before)
    assert len(log.records) == 2
