"""Keys whose objects have died while a weak dictionary was iterated are put on a list, and removed
later, by whoever comes to it. Two threads see the last one, and both take it off the list.

Report: CPython, issue 44962: https://github.com/python/cpython/pull/27921
Versions: Python of August 2021
Kind: weak references
Found: exception IndexError
Token: 17.1,18+1.1
"""

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
        while self.pending:
            self.values.pop(self.pending.pop(), None)
        return len(self.values)


PARTS = Parts(WeakKeys, [WeakKeys.length, WeakKeys.length])


def scenario():
    PARTS.run()
