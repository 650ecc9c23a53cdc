"""A linked queue with a lock for each end: when there is nothing in it, both ends are the same.

In production: a job is put and never done, always after a quiet minute.
Mend: a node that holds nothing, so that the ends never meet (Michael and Scott, PODC 1996).
"""

import threading

from hypothesis import strategies as st

from threadlab import Operations


class Node:
    def __init__(self, item=None):
        self.item = item
        self.next = None


class Queue:
    """``get`` returns None if there is nothing."""

    def __init__(self):
        self._head = self._tail = None
        self._head_lock = threading.Lock()
        self._tail_lock = threading.Lock()

    def put(self, item):
        node = Node(item)
        with self._tail_lock:
            if self._tail is None:
                self._head = node
            else:
                self._tail.next = node
            self._tail = node

    def get(self):
        with self._head_lock:
            node = self._head
            if node is None:
                return None
            self._head = node.next
            if self._head is None:
                self._tail = None
            return node.item


class SoundQueue(Queue):
    def __init__(self):
        super().__init__()
        self._head = self._tail = Node()

    def put(self, item):
        node = Node(item)
        with self._tail_lock:
            self._tail.next = node
            self._tail = node

    def get(self):
        with self._head_lock:
            first = self._head.next
            if first is None:
                return None
            self._head = first
            return first.item


OPERATIONS = {"put": [st.integers(0, 3)], "get": []}
Faulty = Operations.of(Queue, OPERATIONS)
Sound = Operations.of(SoundQueue, OPERATIONS)
