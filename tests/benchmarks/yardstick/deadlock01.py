"""Two threads that take two locks in opposite orders."""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Counter:
    def __init__(self) -> None:
        self.a = threading.Lock()
        self.b = threading.Lock()
        self.counter = 1


def up(state: Counter) -> None:
    with state.a, state.b:
        state.counter += 1


def down(state: Counter) -> None:
    with state.b, state.a:
        state.counter -= 1


def down_in_order(state: Counter) -> None:
    with state.a, state.b:
        state.counter -= 1


BAD = Parts(Counter, [up, down])
SOUND = Parts(Counter, [up, down_in_order], lambda state: state.counter == 1)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
