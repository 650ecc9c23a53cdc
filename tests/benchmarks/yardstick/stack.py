"""A stack that is not looked at before it is popped: a flag says that it was once not empty."""

import threading

from tests.benchmarks.yardstick.parts import Parts

SIZE = 10


class Stack:
    def __init__(self) -> None:
        self.m = threading.Lock()
        self.arr = [0] * SIZE
        self.top = 0
        self.flag = False


def push(state: Stack, x: int) -> bool:
    """False on overflow."""
    if state.top == SIZE:
        return False
    state.arr[state.top] = x
    state.top += 1
    return True


def pop(state: Stack) -> bool:
    """False on underflow. What is popped is of no interest."""
    if state.top == 0:
        return False
    state.top -= 1
    return True


def push_all(state: Stack) -> None:
    for i in range(SIZE):
        with state.m:
            assert push(state, i)
            state.flag = True


def pop_all(state: Stack) -> None:
    for _ in range(SIZE):
        with state.m:
            if state.flag:
                assert pop(state)


def pop_what_is_there(state: Stack) -> None:
    for _ in range(SIZE):
        with state.m:
            if state.top > 0:
                assert pop(state)


BAD = Parts(Stack, [push_all, pop_all])
SOUND = Parts(Stack, [push_all, pop_what_is_there])


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
