"""enum: the states of a door, and who may pass from which to which.

Racy: look, then go.
"""

import enum
import threading


class State(enum.Enum):
    CLOSED = enum.auto()
    OPEN = enum.auto()
    LOCKED = enum.auto()

    @property
    def next(self):
        return {State.CLOSED: {State.OPEN, State.LOCKED}}.get(self, {State.CLOSED})


class Door:
    def __init__(self):
        self.lock = threading.Lock()
        self.state = State.CLOSED
        self.history = [State.CLOSED]

    def go(self, state):
        with self.lock:
            return self.go_alone(state)

    def go_alone(self, state):
        if state in self.state.next:
            self.state = state
            self.history.append(state)


def play(door, go):
    threads = [threading.Thread(target=go, args=(s,)) for s in (State.OPEN, State.LOCKED)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for before, after in zip(door.history, door.history[1:], strict=False):
        assert after in before.next, f"{before.name} to {after.name}"


def scenario():
    door = Door()
    play(door, door.go)


def racy():
    door = Door()
    play(door, door.go_alone)


if __name__ == "__main__":
    scenario()
