"""A property that is computed once has a lock, for all objects of the class. It is read now by a
thread that holds the library's lock, now by one that does not, and takes it to compute.

Report: h5py, issue 2064: https://github.com/h5py/h5py/issues/2064
Versions: h5py of March 2022, with the cached_property of Python before 3.12
Kind: deadlock by order
Found: deadlock
Token: 9.1,10+1.1
"""

import threading

from tests.benchmarks.yardstick.parts import Parts

library = threading.RLock()


class CachedProperty:
    def __init__(self, function):
        self.function = function
        self.lock = threading.RLock()

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner):
        with self.lock:
            if self.name not in instance.__dict__:
                instance.__dict__[self.name] = self.function(instance)
        return instance.__dict__[self.name]


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
