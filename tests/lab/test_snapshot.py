"""What an execution leaves behind in modules is not there in the next."""

import textwrap

import pytest

from threadlab.program import Program
from threadlab.search.explore import explore
from threadlab.simulation.snapshot import Snapshot

STATE = """
# variable
n = 0
--
global n
assert n == 0
n = 1

# new variable
--
global n
assert 'n' not in globals()
n = 1

# deleted variable
n = 0
--
global n
n
del n

# list
known = [1]
--
assert known == [1]
known.append(2)

# empty list
known = []
--
assert not known
known.append(2)

# item
known = [1, 2]
--
assert known == [1, 2]
known[0] = 3

# dict
known = {'a': 1}
--
assert known == {'a': 1}
known['a'] = 2

# keys
known = {'a': 1}
--
assert known == {'a': 1}
del known['a']
known['b'] = 1

# order
known = {'a': 1, 'b': 2}
--
assert list(known) == ['a', 'b']
known['a'] = known.pop('a')

# set
known = {1, 9}
--
assert known == {1, 9}
known.remove(1)
known.add(17)

# frozen
known = ([1],)
--
assert known == ([1],)
known[0].append(1)

# bytearray
known = bytearray(b'ab')
--
assert known == b'ab'
known[0] = 0

# deque
from collections import deque
known = deque([1, 2], 2)
--
assert list(known) == [1, 2]
known.append(3)

# OrderedDict
from collections import OrderedDict
known = OrderedDict(a=1, b=2)
--
assert list(known) == ['a', 'b']
known.move_to_end('a')

# defaultdict
from collections import defaultdict
known = defaultdict(list)
--
assert not known
known['a'].append(1)

# Counter
from collections import Counter
known = Counter('ab')
--
assert known == {'a': 1, 'b': 1}
known.update('a')

# list of a class of its own
class Known(list):
    n = 0
    def __iter__(self): 1 / 0
    __len__ = clear = __iter__
known = Known([1])
--
assert list.__len__(known) == 1
assert known.n == 0
list.append(known, 1)
known.n = 1

# attribute
class Box: pass
box = Box()
box.n = 0
--
assert vars(box) == {'n': 0}
box.n = 1
box.m = 2

# slot
class Box: __slots__ = 'n', 'm'
box = Box()
box.n = 0
--
assert box.n == 0
assert not hasattr(box, 'm')
box.n, box.m = 1, 2

# emptied slot
class Box: __slots__ = 'n'
box = Box()
box.n = 0
--
assert box.n == 0
del box.n

# what is compared by value
class Same:
    def __eq__(self, other): 1 / 0
    __hash__ = None
known = [Same()]
was = known[0]
--
assert known[0] is was
known[0] = Same()

# class
class Box: n = 0
--
assert Box.n == 0
Box.n = 1

# new attribute of a class
class Box: pass
--
assert not hasattr(Box, 'n')
Box.n = 1

# method
class Box:
    def get(self): return 1
--
assert Box().get() == 1
Box.get = lambda self: 2

# class with a metaclass
class Meta(type):
    def __setattr__(cls, name, value): type.__setattr__(cls, name, 2)
class Box(metaclass=Meta): n = 0
--
assert Box.n == 0
Box.n = 1

# class within a class
class Box:
    class Lid:
        seen = []
--
assert not Box.Lid.seen
Box.Lid.seen.append(1)

# class in a function
def make():
    class Box: n = 0
    return Box
Box = make()
--
assert Box.n == 0
Box.n = 1

# function
def work(): pass
--
assert not hasattr(work, 'n')
work.n = 1

# default
def work(known=[]): return known
--
assert not work()
work().append(1)

# defaults
def work(n=0): return n
--
assert work() == 0
work.__defaults__ = (1,)

# module of a function
def work(): pass
--
assert work.__module__ == __name__
work.__module__ = 'another'

# closure
def make():
    n = 0
    def work():
        nonlocal n
        n += 1
        return n
    return work
work = make()
--
assert work() == 1

# cache
import functools
@functools.lru_cache(8)
def work(n): return n
--
assert work.cache_info().misses == 0
work(1)

# cache that the import has filled
import functools
@functools.cache
def work(n): return object()
one = work(1)
--
assert work(1) is one
assert work.cache_info().currsize == 1
work(2)

# cached property
import functools
class Box:
    @functools.cached_property
    def n(self): return object()
box = Box()
--
assert not vars(box)
box.n

# singledispatch
import functools
@functools.singledispatch
def work(n): return 0
--
assert work(1) == 0
work.register(int)(lambda n: 1)
assert work(1) == 1

# partial
import functools
work = functools.partial(list.append, [])
--
assert not work.args[0]
work(1)

# count
import itertools
ids = itertools.count(5, 2)
--
assert [next(ids), next(ids)] == [5, 7]

# bound method of a count
import itertools
new_id = itertools.count(1).__next__
class Box: new_id = new_id
--
assert [new_id(), Box.new_id(), new_id()] == [1, 2, 3]

# count as a default
import itertools
def new_id(ids=itertools.count()): return next(ids)
--
assert [new_id(), new_id()] == [0, 1]

# count in a closure
import itertools
def make():
    ids = itertools.count()
    return lambda: next(ids)
new = make()
--
assert [new(), new()] == [0, 1]

# count of an object
import itertools
class Box:
    ids = itertools.count()
    def __init__(self): self.n = next(self.ids)
first = Box()
--
assert Box().n == 1

# iterator
left = iter([1, 2])
--
assert list(left) == [1, 2]

# iterator over text
left = [iter('ab')]
--
assert next(left[0]) == 'a'

# random generator
import random
own = random.Random(1)
expected = random.Random(1).random()
--
assert own.random() == expected

# lock
import threading
lock = threading.Lock()
--
assert not lock.locked()
lock.acquire()

# lock that the import has taken
import threading
lock = threading.Lock()
lock.acquire()
--
assert lock.locked()
lock.release()

# re-entrant lock
import threading
lock = threading.RLock()
--
assert lock.acquire(False)
assert lock._recursion_count() == 1

# event
import threading
event = threading.Event()
--
assert not event.is_set()
event.set()

# semaphore
import threading
semaphore = threading.Semaphore(1)
--
assert semaphore.acquire(blocking=False)

# queue
import queue
jobs = queue.Queue(1)
--
jobs.put_nowait(1)

# pool
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(1)
--
assert not pool._threads
assert pool.submit(int).result() == 0
pool.shutdown()

# name of a thread
import threading
--
assert threading.Thread().name == 'Thread-1'

# weak references
import weakref
class Box: pass
box = Box()
known = weakref.WeakSet([box])
--
assert list(known) == [box]
known.discard(box)
known.add(Box)

# library
import threading
--
assert threading.excepthook is threading.__excepthook__
threading.excepthook = None

# class of the library
import queue
--
assert queue.Queue.join
queue.Queue.join = None
"""
"""The code of a module, and what its scenario does, which holds if that is as it was."""

CASES = {}
for case in STATE.strip().split("\n\n"):
    name, _, code = case.partition("\n")
    CASES[name.removeprefix("# ")] = code.split("--\n")


def load(script, name):
    before, body = CASES[name]
    text = f"{before}\ndef scenario():\n{textwrap.indent(body, '    ')}\n"
    simulation, scenario = Program.parse(script(text)).load(recording=False)
    return lambda: simulation.execute(scenario)


def attempt(execute):
    try:
        execute()
    except Exception as error:
        if type(error).__name__ != "LeakedThread":
            raise


@pytest.mark.parametrize("name", CASES)
def test_each_execution_begins_with_the_same(script, name):
    execute = load(script, name)
    for _ in range(4):
        attempt(execute)


@pytest.mark.once
@pytest.mark.parametrize("name", CASES)
def test_without_a_snapshot_it_does_not(script, name, monkeypatch):
    """Or else the test above could not fail."""
    execute = load(script, name)
    monkeypatch.setattr(Snapshot, "begin", lambda self: None)
    monkeypatch.setattr(Snapshot, "restore", lambda self, **how: None)
    with pytest.raises(BaseException):  # noqa: B017  # whatever that comes to
        for _ in range(2):
            attempt(execute)


def test_what_an_assertion_shows_is_as_it_was(script):
    text = """
    counts = {}
    def scenario():
        counts["sold"] = 2
        assert not counts, counts
    """
    failure = explore(script(text), executions=1).failure
    assert failure.message == "AssertionError: {'sold': 2}"
