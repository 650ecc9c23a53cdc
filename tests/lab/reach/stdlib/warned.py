"""warnings and atexit, which belong to the process.

Racy: a warning is given once, but by two.
"""

import atexit
import threading
import warnings
from contextlib import nullcontext


class Library:
    def __init__(self, lock):
        self.lock = lock
        self.warned = False

    def old_function(self):
        with self.lock:
            if not self.warned:
                self.warned = True
                warnings.warn("old_function is old", DeprecationWarning, stacklevel=2)


def call(lock):
    library = Library(lock)
    atexit.register(library.old_function)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        threads = [threading.Thread(target=library.old_function) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    atexit.unregister(library.old_function)
    assert [str(each.message) for each in caught] == ["old_function is old"]


def scenario():
    call(threading.Lock())


def racy():
    call(nullcontext())


if __name__ == "__main__":
    scenario()
