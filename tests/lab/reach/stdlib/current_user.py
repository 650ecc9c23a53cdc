"""threading.local holds who is served.

Racy: an object that all threads share does.
"""

import threading
from types import SimpleNamespace


class Site:
    def __init__(self, current):
        self.current = current
        self.pages = {}

    def serve(self, user):
        self.current.user = user
        self.pages[user] = self.render()

    def render(self):
        return f"Welcome, {self.current.user}!"


def visit(current):
    site = Site(current)
    users = ["ada", "bob"]
    threads = [threading.Thread(target=site.serve, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert site.pages == {user: f"Welcome, {user}!" for user in users}
    assert not isinstance(current, threading.local) or not hasattr(current, "user")


def scenario():
    visit(threading.local())


def racy():
    visit(SimpleNamespace())


if __name__ == "__main__":
    scenario()
