"""Whoever comes second finds nothing to delete, which is no matter."""

from tests.benchmarks.yardstick.parts import Parts


class Cache:
    def __init__(self):
        self.size_of = {"app.py": 100}
        self.size_on_disk = {"app.py": 120}

    def check(self):
        for name in list(self.size_of):
            size = self.size_of.get(name)
            if size is not None and size != self.size_on_disk[name]:
                self.size_of.pop(name, None)


PARTS = Parts(Cache, [Cache.check, Cache.check])


def scenario():
    PARTS.run()
