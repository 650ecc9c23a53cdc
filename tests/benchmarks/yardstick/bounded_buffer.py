"""Producers and consumers wait at one condition, and who is woken may be of the wrong kind.

With more threads than places, a producer that has just put something in can wake another
producer, who waits again, and then nobody wakes the consumer.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts

SIZE = 1
ROUNDS = 2


class Buffer:
    def __init__(self) -> None:
        self.m = threading.Lock()
        self.not_full = self.not_empty = threading.Condition(self.m)
        self.buf = [0] * SIZE
        self.head = 0
        self.item_num = 0


class TwoConditions(Buffer):
    def __init__(self) -> None:
        super().__init__()
        self.not_empty = threading.Condition(self.m)


def put(state: Buffer, item: int) -> None:
    with state.m:
        while state.item_num == SIZE:
            state.not_full.wait()
        state.buf[(state.head + state.item_num) % SIZE] = item
        state.item_num += 1
        state.not_empty.notify()


def get(state: Buffer) -> int:
    with state.m:
        while state.item_num == 0:
            state.not_empty.wait()
        item = state.buf[state.head]
        state.head = (state.head + 1) % SIZE
        state.item_num -= 1
        state.not_full.notify()
    return item


def produce(state: Buffer) -> None:
    for i in range(ROUNDS):
        put(state, i + 1)


def consume(state: Buffer) -> None:
    for _ in range(ROUNDS):
        assert get(state) > 0


WORKERS = [produce, produce, consume, consume]
BAD = Parts(Buffer, WORKERS)
SOUND = Parts(TwoConditions, WORKERS, lambda state: state.item_num == 0)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
