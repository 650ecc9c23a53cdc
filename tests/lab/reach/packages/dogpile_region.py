"""dogpile.cache: a region in memory, which makes a value once.

Racy: get, and set if there is none.
"""

import threading

from dogpile.cache import make_region
from dogpile.cache.api import NO_VALUE


def read(get):
    region, made = make_region().configure("dogpile.cache.memory", expiration_time=3600), []

    def make():
        made.append("value")
        return "value"

    threads = [threading.Thread(target=get, args=(region, make)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert region.get("key") == "value"
    assert made == ["value"]


def get_or_create(region, make):
    assert region.get_or_create("key", make) == "value"


def get_and_set(region, make):
    if region.get("key") is NO_VALUE:
        region.set("key", make())


def scenario():
    read(get_or_create)


def racy():
    read(get_and_set)


if __name__ == "__main__":
    scenario()
