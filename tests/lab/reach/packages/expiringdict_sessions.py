"""expiringdict: sessions that end by themselves.

Racy: one is seen, and then taken.
"""

import threading
import time

from expiringdict import ExpiringDict


def log_out(sessions, leave):
    sessions["ada"] = "token"
    left = []

    def client():
        left.append(leave(sessions, "ada"))

    threads = [threading.Thread(target=client) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(left, key=str) == [None, "token"]


def pop(sessions, name):
    return sessions.pop(name, None)


def look_and_delete(sessions, name):
    token = sessions.get(name)
    if token is not None:
        del sessions[name]
    return token


def scenario():
    log_out(ExpiringDict(max_len=10, max_age_seconds=3600), pop)
    short = ExpiringDict(max_len=1, max_age_seconds=0.001)
    short["bob"] = "token"
    time.sleep(0.002)
    assert short.get("bob") is None


def racy():
    log_out(ExpiringDict(max_len=10, max_age_seconds=3600), look_and_delete)


if __name__ == "__main__":
    scenario()
