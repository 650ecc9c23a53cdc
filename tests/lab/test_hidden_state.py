"""Sound objects whose state is not to be seen from outside: two orders of calls are never one.

In each a lock is let go of before the call returns, so that calls end in another order than the one
in which they had their effect. Who takes two orders for one, since the object looks alike after
both, drops the one that explains what came of the calls.
"""

import threading
import time
import weakref
import zlib

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle

from threadlab import Calls, Operations, operation
from threadlab.oracle.check import search

pytestmark = pytest.mark.once


class Locked(Operations):
    def __init__(self):
        self._lock = threading.Lock()
        self._left = 0

    def _do(self, action, *args):
        with self._lock:
            result = action(*args)
        self._left += 1  # a step or two, in which others may overtake
        return result


class Ticket:
    def __init__(self, number):
        self.number = number


class Results(Locked):
    """It is in what an earlier call has returned."""

    tickets = Bundle("tickets")

    def __init__(self):
        super().__init__()
        self._count = 0

    def _next(self):
        self._count += 1
        return Ticket(self._count)

    @operation(target=tickets)
    def take(self):
        return self._do(self._next)

    @operation(ticket=tickets)
    def read(self, ticket):
        return ticket.number

    def same(self, one, other):
        return type(one) is type(other) if isinstance(one, Ticket) else one == other


NOTES = weakref.WeakKeyDictionary()


class Elsewhere(Locked):
    """It is in a table of the module."""

    def __init__(self):
        super().__init__()
        NOTES[self] = []

    @operation(number=st.integers())
    def add(self, number):
        self._do(NOTES[self].append, number)

    @operation()
    def get(self):
        return self._do(NOTES[self].copy)


class Kept(Locked):
    def __init__(self):
        super().__init__()
        self._kept = self.empty()

    @operation(number=st.integers())
    def add(self, number):
        self._do(self.put, number)

    @operation()
    def get(self):
        return self._do(self.take)


class OrderOfASet(Kept):
    empty = set

    def put(self, number):
        self._kept.add(number)

    def take(self):
        return self._kept.pop()


class SignOfZero(Kept):
    empty = float

    def put(self, number):
        self._kept = number

    def take(self):
        return str(self._kept)


class InC(Kept):
    empty = zlib.compressobj

    def put(self, number):
        self._kept.compress(bytes([number]))

    def take(self):
        return self._kept.copy().flush()


class Clock(Locked):
    """It is in how late it is."""

    def __init__(self):
        super().__init__()
        self._begun = time.monotonic()
        self._quick = False

    def _slow(self):
        if not self._quick:
            time.sleep(5)

    def _be_quick(self):
        self._quick = True

    @operation()
    def one(self):
        self._do(self._slow)

    @operation()
    def two(self):
        self._do(self._be_quick)

    @operation()
    def is_late(self):
        return time.monotonic() - self._begun >= 4


@pytest.mark.parametrize(
    ("operations", "calls"),
    [
        (Results, "| a = take(); read(a) | b = take(); read(b) |"),
        (Elsewhere, "| add(1) | add(2) | get()"),
        (OrderOfASet, "| add(0) | add(8) | get()"),
        (SignOfZero, "| add(0.0) | add(-0.0) | get()"),
        (InC, "| add(1) | add(2) | get()"),
        (Clock, "| one() | two() | is_late()"),
    ],
)
def test_what_is_sound_is_not_flagged(operations, calls):
    result = search(operations, Calls.parse(calls), executions=200)
    assert not result.found, str(result.failure.error)
