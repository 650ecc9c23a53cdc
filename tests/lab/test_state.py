"""What is seen of the state of an object: all of it, or nothing."""

import array
import random
import threading
import weakref
from collections import Counter, OrderedDict, defaultdict, deque
from functools import partial

import pytest

from threadlab import interleaved
from threadlab.oracle.state import state


class Plain:
    def __init__(self):
        self.number, self.text, self.nothing = 1, "a", None
        self.items, self.pairs, self.last = [1, (2, 3)], {"a": 1, "b": 2}, deque([1], maxlen=3)
        self.kinds, self.order = {1, 2}, OrderedDict(a=1, b=2)
        self.count = Counter("aab")
        self.itself = self

    def method(self):
        pass


class Slotted(Plain):
    __slots__ = ("extra",)


def counter():
    count = 0

    def up():
        nonlocal count
        count += 1

    return up


CHANGES = {
    "number": lambda thing: setattr(thing, "number", 2),
    "type": lambda thing: setattr(thing, "number", True),
    "item": lambda thing: thing.items.append(1),
    "swapped": lambda thing: thing.pairs.update(a=thing.pairs.pop("a")),
    "set": lambda thing: thing.kinds.discard(1),
    "moved": lambda thing: thing.order.move_to_end("a"),
    "last": lambda thing: thing.last.rotate(1) or thing.last.append(2),
    "bound": lambda thing: setattr(thing, "new", thing.method),
    "slot": lambda thing: setattr(thing, "extra", 1),
    "deep": lambda thing: thing.items.append([Plain()]),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("cls", [Plain, Slotted])
def test_all_that_changes_is_seen(cls, change):
    one, other = cls(), cls()
    assert state(one) is not None
    assert state(one) == state(other)
    CHANGES[change](one)
    assert state(one) != state(other)
    CHANGES[change](other)
    assert state(one) == state(other)


def test_into_closures_as_well():
    one, other = counter(), counter()
    assert state(one) == state(other)
    one()
    assert state(one) != state(other)


@pytest.mark.parametrize(
    "thing",
    [
        iter([1]),
        (n for n in [1]),
        bytearray(b"a"),
        array.array("i", [1]),
        defaultdict(int),
        random.Random(0),
        partial(print),
        weakref.ref(Plain),
        memoryview(b"a"),
        {object()},
        threading.local(),
        threading.Thread(),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_of_what_is_not_known_to_the_bottom_nothing_is_said(thing):
    assert state(thing) is None
    assert state([thing]) is None


@interleaved(executions=1)
def test_so_it_is_in_a_simulated_world():
    lock, other = threading.RLock(), threading.RLock()
    with lock, lock:
        assert state(lock) != state(other)
        with other:
            assert state(lock) != state(other)
            with other:
                assert state(lock) == state(other)
    assert state(threading.Condition()) == state(threading.Condition()) is not None
    assert state(random.Random(0)) is None
    assert state(threading.local()) is None
    assert state(threading.current_thread()) is None
