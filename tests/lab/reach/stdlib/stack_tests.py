"""unittest: a TestCase with setUp, subTest and cleanups runs whole.

Racy: it tests a bare stack.
"""

import threading
import unittest


class Stack:
    def __init__(self):
        self.items = []
        self.size = 0

    def push(self, item):
        self.items.append(item)
        self.size += 1


class SafeStack(Stack):
    def __init__(self):
        super().__init__()
        self.lock = threading.Lock()

    def push(self, item):
        with self.lock:
            super().push(item)


class StackTest(unittest.TestCase):
    kind = SafeStack

    def setUp(self):
        self.stack = self.kind()
        self.addCleanup(self.stack.items.clear)

    def test_pushes(self):
        threads = [threading.Thread(target=self.stack.push, args=(n,)) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with self.subTest("items"):
            self.assertCountEqual(self.stack.items, [0, 1])
        self.assertEqual(self.stack.size, 2)


class BareStackTest(StackTest):
    kind = Stack


def check(case):
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    assert result.testsRun == 1
    assert result.wasSuccessful(), result.failures


def scenario():
    check(StackTest)


def racy():
    check(BareStackTest)


if __name__ == "__main__":
    scenario()
