"""dependency-injector, whose locks are made in C, and lazy-object-proxy.

Racy: made at first use.
"""

import threading

from dependency_injector import containers, providers
from lazy_object_proxy import Proxy

made = []


class Mailer:
    def __init__(self, host):
        self.host = host
        made.append(host)


class Services(containers.DeclarativeContainer):
    config = providers.Configuration()
    mailer = providers.ThreadSafeSingleton(Mailer, host=config.host)


class Bare:
    def __init__(self):
        self.one = None

    def mailer(self):
        if self.one is None:
            self.one = Mailer("mail.test")
        return self.one


def use(mailer):
    got = []
    threads = [threading.Thread(target=lambda: got.append(mailer())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got[0] is got[1]
    assert made == ["mail.test"]
    assert Proxy(mailer).host == "mail.test"
    made.clear()


def scenario():
    services = Services()
    services.config.from_dict({"host": "mail.test"})
    use(services.mailer)


def racy():
    use(Bare().mailer)


if __name__ == "__main__":
    scenario()
