"""A logging.Handler of one's own.

Racy: it leaves out the lock that each handler has.
"""

import logging
import threading


class Audit(logging.Handler):
    def __init__(self):
        super().__init__()
        self.entries = 0
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))
        self.entries += 1


class UnlockedAudit(Audit):
    def handle(self, record):
        self.emit(record)
        return True


def pay(handler):
    log = logging.getLogger("shop.payments")
    log.setLevel(logging.INFO)
    log.propagate = False
    handler.setFormatter(logging.Formatter("%(threadName)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    threads = [
        threading.Thread(target=log.info, args=("paid %d", 10 * n), name=f"till {n}")
        for n in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.removeHandler(handler)
    assert sorted(handler.lines) == ["till 1 INFO paid 10", "till 2 INFO paid 20"]
    assert handler.entries == 2


def scenario():
    pay(Audit())


def racy():
    pay(UnlockedAudit())


if __name__ == "__main__":
    scenario()
