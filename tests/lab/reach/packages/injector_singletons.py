"""injector: singletons, made once under its lock.

Racy: a provider of one's own, bare.
"""

import threading

from injector import Injector, Module, provider, singleton


class Connection:
    made = 0

    def __init__(self):
        type(self).made += 1


class Database(Module):
    @singleton
    @provider
    def connect(self) -> Connection:
        return Connection()


class Lazy:
    def __init__(self):
        self.connection = None

    def get(self, kind):
        if self.connection is None:
            self.connection = kind()
        return self.connection


def use(container):
    got = []
    threads = [threading.Thread(target=lambda: got.append(container.get(Connection))) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got[0] is got[1]
    assert Connection.made == 1


def scenario():
    use(Injector([Database()]))


def racy():
    use(Lazy())


if __name__ == "__main__":
    scenario()
