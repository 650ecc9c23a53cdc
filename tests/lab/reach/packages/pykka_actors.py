"""pykka: actors have their own threads, and one message at a time.

Racy: they share an object.
"""

import pykka


class Jar:
    def __init__(self):
        self.sweets = 0

    def put(self, number):
        sweets = self.sweets
        self.sweets = sweets + number
        return self.sweets


class Keeper(pykka.ThreadingActor):
    def __init__(self, jar):
        super().__init__()
        self.jar = jar

    def put(self, number):
        return self.jar.put(number)


def fill(keepers):
    futures = [keeper.proxy().put(n) for n, keeper in enumerate(keepers, 1)]
    pykka.get_all(futures, timeout=60)
    pykka.ActorRegistry.stop_all()


def scenario():
    jar = Jar()
    keeper = Keeper.start(jar)
    fill([keeper, keeper])
    assert jar.sweets == 3


def racy():
    jar = Jar()
    fill([Keeper.start(jar), Keeper.start(jar)])
    assert jar.sweets == 3


if __name__ == "__main__":
    scenario()
