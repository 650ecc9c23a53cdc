"""Who finds the list empty after all is done."""

import weakref

from tests.benchmarks.yardstick.parts import Parts


class Node:
    pass


class WeakKeys:
    def __init__(self):
        self.values = {}
        self.pending = []
        node = Node()
        self.values[weakref.ref(node, self.pending.append)] = "value"
        del node

    def length(self):
        try:
            while True:
                self.values.pop(self.pending.pop(), None)
        except IndexError:
            return len(self.values)


PARTS = Parts(WeakKeys, [WeakKeys.length, WeakKeys.length])


def scenario():
    PARTS.run()
