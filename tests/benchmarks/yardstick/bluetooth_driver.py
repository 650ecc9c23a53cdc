"""A driver is stopped while a request is on its way in: it has looked, and not yet counted itself.

The count of those inside is one more than there are, until the driver is stopped; whoever brings
it to nothing says that all have left.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts


class Device:
    def __init__(self) -> None:
        self.atomic = threading.Lock()
        self.pending_io = 1
        self.stopping_flag = False
        self.stopping_event = False
        self.stopped = False


def increment(state: Device) -> bool:
    """False if the driver is being stopped."""
    if state.stopping_flag:
        return False
    with state.atomic:
        state.pending_io += 1
    return True


def decrement(state: Device) -> None:
    with state.atomic:
        state.pending_io -= 1
        pending_io = state.pending_io
    if pending_io == 0:
        state.stopping_event = True


def add(state: Device) -> None:
    if increment(state):
        assert not state.stopped
    decrement(state)


def stop(state: Device) -> None:
    state.stopping_flag = True
    decrement(state)
    if state.stopping_event:
        state.stopped = True


def add_at_once(state: Device) -> None:
    with state.atomic:
        if state.stopping_flag:
            return
        state.pending_io += 1
    assert not state.stopped
    with state.atomic:
        state.pending_io -= 1


def stop_at_once(state: Device) -> None:
    with state.atomic:
        state.stopping_flag = True
        state.pending_io -= 1
        if state.pending_io > 0:
            return
    state.stopped = True


BAD = Parts(Device, [stop, add])
SOUND = Parts(Device, [stop_at_once, add_at_once], lambda state: state.pending_io == 0)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
