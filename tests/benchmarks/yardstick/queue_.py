"""A queue of twenty places, whose two ends take turns by two flags and count rounds by themselves.

What is taken out is compared with what was put in in the round of the same number. That is wrong
as soon as one has skipped rounds that the other has not, and the two have met again.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts

SIZE = 20


class Queue:
    def __init__(self) -> None:
        self.m = threading.Lock()
        self.element = [0] * SIZE
        self.head = 0
        self.tail = 0
        self.amount = 0
        self.stored_elements = [0] * SIZE
        self.enqueue_flag = True
        self.dequeue_flag = False


def is_empty(state: Queue) -> bool:
    return state.head == state.tail


def enqueue(state: Queue, x: int) -> None:
    state.element[state.tail] = x
    state.amount += 1
    if state.tail == SIZE:
        state.tail = 1
    else:
        state.tail += 1


def dequeue(state: Queue) -> int:
    x = state.element[state.head]
    state.amount -= 1
    if state.head == SIZE:
        state.head = 1
    else:
        state.head += 1
    return x


def put(state: Queue) -> None:
    with state.m:
        value = 0
        enqueue(state, value)
        state.stored_elements[0] = value
        assert not is_empty(state)
    for i in range(SIZE - 1):
        with state.m:
            if state.enqueue_flag:
                value += 1
                enqueue(state, value)
                state.stored_elements[i + 1] = value
                state.enqueue_flag = False
                state.dequeue_flag = True


def take(state: Queue) -> None:
    for i in range(SIZE):
        with state.m:
            if state.dequeue_flag:
                assert dequeue(state) == state.stored_elements[i]
                state.dequeue_flag = False
                state.enqueue_flag = True


def put_all(state: Queue) -> None:
    with state.m:
        if state.enqueue_flag:
            for i in range(SIZE):
                enqueue(state, i + 1)
                state.stored_elements[i] = i + 1
            state.enqueue_flag = False
            state.dequeue_flag = True


def take_all(state: Queue) -> None:
    with state.m:
        if state.dequeue_flag:
            for i in range(SIZE):
                if not is_empty(state):
                    assert dequeue(state) == state.stored_elements[i]
            state.dequeue_flag = False
            state.enqueue_flag = True


BAD = Parts(Queue, [put, take])
SOUND = Parts(Queue, [put_all, take_all], lambda state: state.amount == state.tail - state.head)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
