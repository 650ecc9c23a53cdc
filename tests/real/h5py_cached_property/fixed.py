"""The property has no lock: two threads may compute it at once, and the result of either is
kept.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts

library = threading.RLock()


class CachedProperty:
    def __init__(self, function):
        self.function = function

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner):
        try:
            return instance.__dict__[self.name]
        except KeyError:
            return instance.__dict__.setdefault(self.name, self.function(instance))


class Dataset:
    @CachedProperty
    def extent(self):
        with library:
            return "simple"


def shape(dataset):
    with library:
        assert dataset.extent == "simple"


def size(dataset):
    assert dataset.extent == "simple"


PARTS = Parts(Dataset, [shape, size])


def scenario():
    PARTS.run()
