"""A buffer of ten places, whose two ends take turns by two flags and count rounds by themselves.

What is taken out is compared with the number of the round. That is wrong as soon as one of the
two has skipped a round because it was not its turn. The mended ones wait for their turn.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts

SIZE = 10
ROUNDS = 7
ERROR = -1


class Buffer:
    def __init__(self) -> None:
        self.m = threading.Lock()
        self.changed = threading.Condition(self.m)
        self.buffer = [0] * SIZE
        self.first = 0
        self.next = 0
        self.send = True
        self.receive = False


def remove(state: Buffer) -> int:
    if state.next > 0 and state.first < SIZE:
        state.first += 1
        return state.buffer[state.first - 1]
    return ERROR


def insert(state: Buffer, b: int) -> None:
    if state.next < SIZE:
        state.buffer[state.next] = b
        state.next = (state.next + 1) % SIZE


def t1(state: Buffer) -> None:
    for i in range(ROUNDS):
        with state.m:
            if state.send:
                insert(state, i)
                state.send = False
                state.receive = True


def t2(state: Buffer) -> None:
    for i in range(ROUNDS):
        with state.m:
            if state.receive:
                assert remove(state) == i
                state.receive = False
                state.send = True


def send_each(state: Buffer) -> None:
    for i in range(ROUNDS):
        with state.changed:
            while not state.send:
                state.changed.wait()
            insert(state, i)
            state.send = False
            state.receive = True
            state.changed.notify()


def receive_each(state: Buffer) -> None:
    for i in range(ROUNDS):
        with state.changed:
            while not state.receive:
                state.changed.wait()
            assert remove(state) == i
            state.receive = False
            state.send = True
            state.changed.notify()


BAD = Parts(Buffer, [t1, t2])
SOUND = Parts(Buffer, [send_each, receive_each], lambda state: state.first == ROUNDS)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
