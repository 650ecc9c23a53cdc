"""sqlite3 in memory, shared by two threads.

Racy: what was selected is updated a line later.
"""

import sqlite3
import threading
from contextlib import closing, nullcontext


def open_database():
    database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    database.execute("CREATE TABLE seats (number INTEGER PRIMARY KEY, guest TEXT)")
    database.executemany("INSERT INTO seats (number) VALUES (?)", [(1,), (2,)])
    return database


def reserve(database, guest, lock):
    with lock:
        row = database.execute("SELECT min(number) FROM seats WHERE guest IS NULL").fetchone()
        database.execute("UPDATE seats SET guest = ? WHERE number = ?", (guest, *row))


def sell(lock):
    with closing(open_database()) as database:
        threads = [
            threading.Thread(target=reserve, args=(database, guest, lock)) for guest in ("a", "b")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        query = "SELECT guest FROM seats WHERE guest IS NOT NULL ORDER BY guest"
        assert [guest for (guest,) in database.execute(query)] == ["a", "b"]


def scenario():
    sell(threading.Lock())


def racy():
    sell(nullcontext())


if __name__ == "__main__":
    scenario()
