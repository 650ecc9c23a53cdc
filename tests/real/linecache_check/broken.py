"""Two threads format a traceback, and look which cached files have changed. Both see that one has,
and both delete it.

Report: CPython, issue 25872: https://github.com/python/cpython/pull/12061
Versions: Python 2.7
Kind: check then act
Found: exception KeyError
Token: 13.1,15.1
"""

from tests.benchmarks.yardstick.parts import Parts


class Cache:
    def __init__(self):
        self.size_of = {"app.py": 100}
        self.size_on_disk = {"app.py": 120}

    def check(self):
        for name in list(self.size_of):
            size = self.size_of.get(name)
            if size is not None and size != self.size_on_disk[name]:
                del self.size_of[name]


PARTS = Parts(Cache, [Cache.check, Cache.check])


def scenario():
    PARTS.run()
