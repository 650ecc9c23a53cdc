"""threading.excepthook and setprofile, which belong to the process.

Racy: the hook counts alone.
"""

import threading
from contextlib import nullcontext

CALLS = threading.local()


def profile(frame, event, arg):
    CALLS.seen = getattr(CALLS, "seen", 0) + 1


class Crashes:
    def __init__(self, lock):
        self.lock = lock
        self.count = 0
        self.names = []

    def __call__(self, crash):
        self.names.append(crash.thread.name)
        with self.lock:
            self.count += 1


def fail():
    raise LookupError("on purpose")


def collect(lock):
    before, threading.excepthook = threading.excepthook, Crashes(lock)
    threading.setprofile(profile)
    try:
        threads = [threading.Thread(target=fail, name=f"t{n}") for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        crashes = threading.excepthook
    finally:
        threading.setprofile(None)
        threading.excepthook = before
    assert sorted(crashes.names) == ["t0", "t1"]
    assert crashes.count == 2


def scenario():
    collect(threading.Lock())


def racy():
    collect(nullcontext())


if __name__ == "__main__":
    scenario()
