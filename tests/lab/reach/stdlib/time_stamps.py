"""datetime.now for entries of a journal, in order.

Racy: the stamp is taken before the lock.
"""

import threading
import time
from datetime import UTC, datetime, timedelta


class Journal:
    def __init__(self):
        self.lock = threading.Lock()
        self.entries = []

    def write(self, text):
        with self.lock:
            self.entries.append((datetime.now(UTC), text))

    def write_late(self, text):
        now = datetime.now(UTC)
        with self.lock:
            self.entries.append((now, text))


def keep(journal, write):
    def live():
        write("up")
        time.sleep(0.002)
        write("down")

    begin = datetime.now(UTC)
    threads = [threading.Thread(target=live) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert datetime.now(UTC) - begin >= timedelta(milliseconds=1)
    times = [when for when, _ in journal.entries]
    assert len(times) == 4
    assert times == sorted(times)


def scenario():
    journal = Journal()
    keep(journal, journal.write)


def racy():
    journal = Journal()
    keep(journal, journal.write_late)


if __name__ == "__main__":
    scenario()
