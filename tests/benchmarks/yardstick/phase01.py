"""A lock that is taken twice and given back once: who comes second waits for ever.

It hangs on every schedule; what it takes is a tool that knows a deadlock when it sees one.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Phases:
    def __init__(self) -> None:
        self.x = threading.Lock()
        self.y = threading.Lock()


def pass_through(state: Phases) -> None:
    state.x.acquire()
    state.x.release()
    state.x.acquire()
    state.y.acquire()
    state.y.release()
    state.y.acquire()
    state.y.release()


def give_back(state: Phases) -> None:
    state.x.acquire()
    state.x.release()
    state.x.acquire()
    state.x.release()
    state.y.acquire()
    state.y.release()
    state.y.acquire()
    state.y.release()


BAD = Parts(Phases, [pass_through, pass_through])
SOUND = Parts(Phases, [give_back, give_back])


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
