"""A stack without locks, with a fault that needs three threads and more than four preemptions.

It was shown by D. Vyukov as a challenge to tools such as this one. An element that one thread
has looked at is taken and put back by others meanwhile, its successor is not what it was, and in
the end two threads hold the same element.

A shared number is read in one step, and exchanged under a lock of its own. Who finds nothing to
take tries again, as in the original, but for some times only: otherwise it would spin.
"""

import threading
from functools import partial

from tests.benchmarks.yardstick.atomic import Atomic
from tests.benchmarks.yardstick.parts import Parts

THREADS = 3
ROUNDS = 2
TRIES = 5


class Stack:
    """``head`` is the uppermost element, ``next`` of each the one below it, -1 with none."""

    def __init__(self) -> None:
        self.whole = threading.Lock()
        self.head = Atomic(0)
        self.count = Atomic(THREADS)
        self.next = [Atomic(i) for i in [*range(1, THREADS), -1]]
        self.value = [-1] * THREADS


def pop(state: Stack) -> int:
    """The element, or -1."""
    for _ in range(TRIES):
        if state.count.load() > 1:
            head = state.head.load()
            successor = state.next[head].exchange(-1)
            if successor >= 0:
                if state.head.compare_exchange(head, successor) == head:
                    state.count.add(-1)
                    return head
                state.next[head].exchange(successor)
    return -1


def push(state: Stack, element: int) -> None:
    head = state.head.load()
    while True:
        state.next[element].exchange(head)
        found = state.head.compare_exchange(head, element)
        if found == head:
            break
        head = found
    state.count.add(1)


def work(number: int, state: Stack) -> None:
    for _ in range(ROUNDS):
        element = pop(state)
        if element < 0:
            return
        state.value[element] = number
        assert state.value[element] == number
        push(state, element)


def work_at_once(number: int, state: Stack) -> None:
    for _ in range(ROUNDS):
        with state.whole:
            element = pop(state)
        if element < 0:
            return
        state.value[element] = number
        assert state.value[element] == number
        with state.whole:
            push(state, element)


BAD = Parts(Stack, [partial(work, i) for i in range(THREADS)])
SOUND = Parts(
    Stack,
    [partial(work_at_once, i) for i in range(THREADS)],
    lambda state: state.count.load() == THREADS,
)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
