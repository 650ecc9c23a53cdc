import threading

from expiringdict import ExpiringDict


def scenario():
    sessions = ExpiringDict(max_len=2, max_age_seconds=10)
    sessions["a"] = 1

    def use():
        sessions.get("a")
        sessions["b"] = 2
        sessions.pop("a", None)

    def count():
        len(sessions)
        sessions.items()
        "a" in sessions  # noqa: B015

    threads = [threading.Thread(target=target) for target in (use, use, count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sessions.get("b") == 2
