"""functools: lru_cache, cached_property, singledispatch, partial.

Racy: a cache of one's own.
"""

import functools
import threading

calls = []


@functools.singledispatch
def area(shape):
    raise TypeError(shape)


@area.register
def _(side: int):
    return side * side


@area.register
def _(sides: tuple):
    return sides[0] * sides[1]


@functools.lru_cache(maxsize=8)
def cached_area(shape):
    return area(shape)


class Room:
    def __init__(self, floor):
        self.floor = floor

    @functools.cached_property
    def size(self):
        return cached_area(self.floor)


kept = {}


def remembered_area(shape):
    if shape not in kept:
        calls.append(shape)
        kept[shape] = area(shape)
    return kept[shape]


def measure(function):
    threads = [threading.Thread(target=functools.partial(function, (2, 3))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def scenario():
    room = Room(4)
    measure(cached_area)
    measure(lambda shape: room.size)
    assert room.size == 16
    assert cached_area((2, 3)) == 6
    assert cached_area.cache_info().currsize == 2


def racy():
    measure(remembered_area)
    assert calls == [(2, 3)]


if __name__ == "__main__":
    scenario()
