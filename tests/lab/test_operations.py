"""Operations of objects, broken and sound, as a user writes them; and what is refused."""

import random
import sys
import threading
import time
from collections import deque

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle

from threadlab import (
    Blocks,
    Calls,
    OneOf,
    Operations,
    ProgramError,
    Unexplained,
    check,
    final,
    invariant,
    operation,
)
from threadlab.oracle import report
from threadlab.oracle.check import find, search
from threadlab.oracle.operations import LEAST

pytestmark = pytest.mark.once

ITEMS = st.integers(0, 3)
QUICK = settings(max_examples=50, database=None, derandomize=True)


class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        if not self.items:
            return None
        item = self.items[-1]
        del self.items[-1]
        return item


class LockedStack(Stack):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def push(self, item):
        with self._lock:
            super().push(item)

    def pop(self):
        with self._lock:
            return super().pop()


class OnStack(Operations):
    """As a class with decorated methods."""

    def __init__(self):
        self.stack = Stack()

    @operation(item=ITEMS)
    def push(self, item):
        self.stack.push(item)

    @operation()
    def pop(self):
        return self.stack.pop()


class OnLockedStack(OnStack):
    def __init__(self):
        self.stack = LockedStack()


OF_STACK = {"push": [ITEMS], "pop": []}
ShortOnStack = Operations.of(Stack, OF_STACK)
Tested = Operations.of(LockedStack, OF_STACK).TestCase
"""It is collected, and passes."""
Tested.settings = QUICK


@pytest.mark.parametrize("operations", [OnStack, ShortOnStack], ids=["class", "short"])
@pytest.mark.parametrize("seed", range(2))
def test_a_fault_is_found_and_made_small(operations, seed):
    found = find(operations, settings=settings(database=None), seed=seed)
    assert isinstance(found.error, Unexplained)
    assert repr(found.calls) == "Calls('push(0)', ['pop()', 'pop()'])"
    assert len(found.schedule) <= 2
    again = search(operations, found.calls, replay=found.schedule)
    assert isinstance(again.failure.error, Unexplained)
    assert "threadlab check" in again.again
    assert "--calls 'push(0) | pop() | pop() |' --replay" in again.again


def test_the_same_seed_finds_the_same():
    one, other = (find(OnStack, settings=settings(database=None), seed=7) for _ in range(2))
    assert (one.executions, one.schedule) == (other.executions, other.schedule)
    assert str(one.error) == str(other.error)


def test_the_report_has_the_history(expected):
    with pytest.raises(Unexplained) as caught:
        check(OnStack, Calls("push(0)", ["pop()", "pop()"]))
    expected(str(caught.value), "stack_history.txt")


MANY = Calls("push(0); push(1); push(2)", ["pop(); pop()", "pop(); pop()", "pop()"])


def test_of_many_orders_the_report_has_the_one_that_explains_most(monkeypatch):
    monkeypatch.setattr(report, "ORDERS", 1)
    with pytest.raises(Unexplained) as caught:
        check(OnStack, MANY)
    assert "The order that explains most:" in str(caught.value)


def test_no_line_of_the_report_is_long():
    with pytest.raises(Unexplained) as caught:
        check(OnStack, MANY)
    assert max(map(len, str(caught.value).splitlines())) <= 100


class TwoLocks:
    def __init__(self):
        self._one, self._other = threading.Lock(), threading.Lock()

    def one(self):
        with self._one, self._other:
            pass

    def other(self):
        with self._other, self._one:
            pass


OnTwoLocks = Operations.of(TwoLocks, {"one": [], "other": []})


def test_a_deadlock_is_called_one():
    words = r"^a deadlock: one\(\) in Thread-1 and other\(\) in Thread-2 never return\n"
    with pytest.raises(Unexplained, match=words):
        check(OnTwoLocks, Calls("", ["one()", "other()"]))


def test_what_is_sound_is_never_flagged():
    check(OnLockedStack, settings=settings(max_examples=100, database=None))


# Calls that wait


class Buffer:
    """It wakes one, of whom it takes to be woken: anybody."""

    def __init__(self, wakes):
        self._items = deque()
        self._changed = threading.Condition()
        self._wake = getattr(self._changed, wakes)

    def put(self, item):
        with self._changed:
            while self._items:
                self._changed.wait()
            self._items.append(item)
            self._wake()

    def get(self, timeout=None):
        with self._changed:
            if not self._changed.wait_for(lambda: self._items, timeout):
                return "nothing"
            self._wake()
            return self._items.popleft()


def wakes_one():
    return Buffer("notify")


def wakes_all():
    return Buffer("notify_all")


OF_BUFFER = {"put": [ITEMS], "get": [st.sampled_from([None, 0.5])]}
OnBuffer = Operations.of(wakes_one, OF_BUFFER)
OnSoundBuffer = Operations.of(wakes_all, OF_BUFFER)
WAKES_THE_WRONG_ONE = Calls("", ["get()", "get()", "put(1); put(2)"])


def test_a_call_that_never_returns_is_told_from_one_that_has_to_wait():
    with pytest.raises(Unexplained, match=r"^put\(2\) in Thread-3 never returns, and in every"):
        check(OnBuffer, WAKES_THE_WRONG_ONE)
    sound = search(OnSoundBuffer, WAKES_THE_WRONG_ONE, executions=200)
    assert not sound.found  # one get waits for good, as it should


def test_timeouts_expire_where_the_call_has_to_wait():
    check(OnSoundBuffer, settings=settings(max_examples=100, database=None))
    result = search(OnSoundBuffer, Calls("", ["get(0.5)", "put(1)"]), strategy="exhaustive")
    assert result.exhausted
    assert not result.found


class Spins:
    def __init__(self):
        self._one = self._other = False

    def one(self):
        self._one = True
        while self._other:
            pass
        self._one = False

    def other(self):
        self._other = True
        while self._one:
            pass
        self._other = False

    def wait(self):
        while not self._one:
            pass


OnSpins = Operations.of(Spins, {"one": [], "other": [], "wait": []})


def test_a_call_that_goes_round_and_round_waits():
    assert not search(OnSpins, Calls("wait()"), executions=1).found
    assert not search(OnSpins, Calls("", ["wait()", "wait()"]), executions=10).found
    with pytest.raises(Unexplained, match=r"^one\(\) in Thread-1 and other\(\) in .* never return"):
        check(OnSpins, Calls("", ["one()", "other()"]))


def test_not_all_can_be_tried_of_what_goes_round_and_round():
    calls = Calls("", ["wait()", "one()"])
    assert not search(OnSpins, calls, strategy="exhaustive", executions=5).exhausted


# What else can be said of operations


def model(state, name, *args):
    if name == "pop":
        return (state[:-1], state[-1]) if state else (state, None)
    return (*state, *args), None


model.initial = ()


def greedy(state, name, *args):
    if not state and name == "pop":
        raise Blocks
    return model(state, name, *args)


greedy.initial = ()


class List:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return OneOf(None, self.items.pop()) if self.items else None


WithFunction = Operations.of(LockedStack, OF_STACK, model=staticmethod(model))
WithClass = Operations.of(LockedStack, OF_STACK, model=List)
WithWrongFunction = Operations.of(LockedStack, OF_STACK, model=staticmethod(greedy))


@pytest.mark.parametrize("operations", [WithFunction, WithClass])
def test_a_model_says_what_is_right(operations):
    check(operations, settings=QUICK)


def test_a_model_that_waits_where_the_object_does_not():
    with pytest.raises(
        Unexplained, match=r"^no order of the calls explains that pop\(\) returned None"
    ):
        check(WithWrongFunction, settings=QUICK)


class LateCounter:
    """What it reads may be old; to each thread alone it looks right."""

    def __init__(self):
        self._seen = threading.local()
        self._count = 0

    def add(self):
        self._count += 0 if getattr(self._seen, "added", False) else 1
        self._seen.added = True

    def read(self):
        return getattr(self._seen, "added", False)


def local_model(state, name):
    return (True, None) if name == "add" else (state, bool(state))


Late = Operations.of(LateCounter, {"add": [], "read": []}, model=staticmethod(local_model))
LateSequential = Operations.of(
    LateCounter,
    {"add": [], "read": []},
    model=staticmethod(local_model),
    consistency="sequential",
    before=0,
    after=0,
    threads=2,
    beside=1,
)


def test_less_than_linearizable_may_be_enough():
    with pytest.raises(Unexplained, match="it is not linearizable"):
        check(Late, settings=QUICK)
    check(LateSequential, settings=QUICK)


class Guesses:
    def roll(self):
        return random.random()


class Pool(Operations):
    """Arguments that are results of earlier calls, an invariant, and a last look."""

    taken = Bundle("taken")

    def __init__(self):
        self._lock = threading.Lock()
        self._free = [1, 2, 3]

    @operation(target=taken)
    def take(self):
        with self._lock:
            return self._free.pop(0)

    @operation(item=taken)
    def give(self, item):
        with self._lock:
            if item not in self._free:
                self._free.append(item)

    def same(self, one, other):
        return type(one) is type(other)

    @invariant
    def no_more_than_there_were(self):
        assert len(self._free) <= 3

    @final
    def none_twice(self):
        assert len(set(self._free)) == len(self._free)


class TornPool(Pool):
    taken = Pool.taken

    @operation(item=taken)
    def give(self, item):
        if item not in self._free:
            self._free.append(item)


def same_type(one, other):
    return type(one) is type(other)


AnyItem = Operations.of(Guesses, {"roll": []}, same=same_type)


def test_the_short_form_takes_what_compares_two_results():
    check(AnyItem, settings=QUICK)


def test_results_are_arguments_of_later_calls():
    check(Pool, settings=settings(max_examples=100, database=None))
    found = find(TornPool, settings=settings(max_examples=300, database=None), seed=0)
    assert isinstance(found.error, AssertionError)
    assert len(found.calls) <= 4
    assert "give(taken_1)" in repr(found.calls)
    assert any("give(1): returned None" in note for note in found.error.__notes__)


class Pair(Operations):
    """Two that are to be equal, and are for a moment not."""

    def __init__(self):
        self._lock = threading.Lock()
        self._one = self._other = 0

    @operation()
    def step(self):
        with self._lock:
            self._one += 1
            self._other += 1

    @invariant
    def equal(self):
        assert self._one == self._other


class AlwaysPair(Pair):
    @invariant(at_each_step=True)
    def always(self):
        assert self._one == self._other


def test_an_invariant_holds_between_calls_or_at_each_step():
    check(Pair, settings=QUICK)
    with pytest.raises(AssertionError):
        check(AlwaysPair, settings=QUICK)


class Flags(Operations):
    """Each call sets a flag of its own, so in which order they do is seen in none of them."""

    def __init__(self):
        self._one = self._other = False

    @operation()
    def one(self):
        self._one = True

    @operation()
    def other(self):
        self._other = True

    @invariant(at_each_step=True)
    def one_is_first(self):
        assert self._one or not self._other


@pytest.mark.parametrize(
    ("operations", "calls"),
    [
        (AlwaysPair, Calls("step()", [])),
        (AlwaysPair, Calls("", ["step()"])),
        (Flags, Calls("", ["one()", "other()"])),
        (Flags, Calls("", [], "other()")),  # after the last step
    ],
)
@pytest.mark.parametrize("strategy", ["portfolio", "exhaustive"])
def test_what_does_not_hold_at_a_step_is_found_and_made_again(operations, calls, strategy):
    result = search(operations, calls, strategy=strategy)
    assert isinstance(result.failure.error, AssertionError)
    assert any("returned None" in note for note in result.failure.error.__notes__)
    again = search(operations, calls, replay=result.schedule)
    assert result.failure.is_like(again.failure)


def test_what_holds_at_each_step_is_exhausted():
    assert search(Flags, Calls("", ["one(); other()"]), strategy="exhaustive").exhausted


class Locks(Pair):
    @invariant(at_each_step=True)
    def locked(self):
        with self._lock:
            pass


def test_what_holds_at_each_step_must_not_wait():
    with pytest.raises(ProgramError, match="an invariant at each step that waits"):
        check(Locks, Calls("", ["step()"]))


class PerKey(Operations):
    key = "key"

    def __init__(self):
        self._values = {}

    @operation(key=st.integers(0, 1), value=ITEMS)
    def put(self, key, value):
        self._values[key] = value

    @operation(key=st.integers(0, 1))
    def get(self, key):
        return self._values.get(key)


class Values(dict):
    def put(self, key, value):
        self[key] = value


def values():
    return Values()


OfAFunction = Operations.of(
    values, {"put": [st.integers(0, 1), ITEMS], "get": [st.integers(0, 1)]}, key="key"
)


@pytest.mark.parametrize("operations", [PerKey, OfAFunction])
def test_keys_are_judged_apart(operations):
    check(operations, settings=QUICK)


def test_all_interleavings_of_a_small_program():
    result = search(
        OnLockedStack, Calls("", ["push(1); pop()", "push(2); pop()"]), strategy="exhaustive"
    )
    assert result.exhausted
    assert not result.found
    assert result.executions > 10
    assert search(OnStack, Calls("push(1)", ["pop()", "pop()"]), strategy="exhaustive").found


class OnlyLate(Operations):
    """Wrong if the second call of one thread comes between the calls of another."""

    def __init__(self):
        self._log = []

    @operation()
    def one(self):
        self._log.append(1)

    @operation()
    def read(self):
        return len(self._log)


def broken_model(state, name):
    state = state or 0
    return (state + 1, None) if name == "one" else (state, state if state < 2 else None)


OnlyLate.model = staticmethod(broken_model)


def test_the_order_of_calls_is_part_of_what_is_exhausted():
    # That both come before the read is seen in no access of theirs to what they share.
    assert search(OnlyLate, Calls("", ["one()", "one(); read()"]), strategy="exhaustive").found


# On real threads


class TornCounter(Operations):
    def __init__(self):
        self._count = 0

    @operation()
    def add(self):
        count = self._count
        time.sleep(0)
        self._count = count + 1
        return self._count


class SoundCounter(TornCounter):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    @operation()
    def add(self):
        with self._lock:
            self._count += 1
            return self._count


def test_real_threads():
    with pytest.raises(Unexplained, match="add"):
        check(TornCounter, settings=settings(max_examples=200), world="real")
    check(SoundCounter, settings=settings(max_examples=10), world="real")
    assert threading.active_count() == 1 or sys.gettrace() is not None


# Bad input


class Without(Operations):
    pass


class Misses(Operations):
    @operation()
    def put(self, item):
        pass


class NoStrategy(Operations):
    @operation(item=3)
    def put(self, item):
        pass


class Counts:
    made = 0

    def __init__(self):
        Counts.made += 1

    def read(self):
        return Counts.made


class Fails:
    def __init__(self):
        raise OSError("there is none")

    def read(self):
        pass


class Clashes(Operations):
    @operation()
    def model(self):
        return 1


class Waits(Operations):
    @operation()
    async def get(self):
        pass


class Untargeted(Operations):
    @operation(item=Bundle("taken"))
    def give(self, item):
        pass


class OddResult:
    def __eq__(self, other):
        raise ValueError("ambiguous")


class GivesOdd:
    def get(self):
        return OddResult()


def five(state, name, *args):
    return 5


class Misspelled:
    def __init__(self):
        self.items = []

    def push(self, item):
        return self.itms.append(item)

    def pop(self):
        return self.items.pop()


def raises(state, name, *args):
    raise AttributeError if name == "push" else IndexError


OfMisspelled = Operations.of(Misspelled, OF_STACK)
MeantSo = Operations.of(Misspelled, OF_STACK, model=staticmethod(raises))


@pytest.mark.parametrize("world", ["simulated", "real"])
@pytest.mark.parametrize("calls", [None, Calls("", ["push(1)", "pop()"])], ids=["drawn", "given"])
def test_an_operation_that_always_raises_what_looks_misspelled_is_refused(calls, world):
    few = settings(QUICK, max_examples=5)
    words = "push: all of its calls raised AttributeError: 'Misspelled' object has no attribute"
    with pytest.raises(ProgramError, match=words):
        check(OfMisspelled, calls, settings=few, world=world)
    check(MeantSo, calls, settings=few, world=world)


Fewer = {name: Operations.of(Stack, OF_STACK, **{name: -1}) for name in LEAST}
NoList = Operations.of(Stack, OF_STACK, include="queue")


def mistaken(state, name, *args):
    return (*state, *args), None


Mistaken = Operations.of(Stack, OF_STACK, model=staticmethod(mistaken))
NoOption = Operations.of(Stack, OF_STACK, executons=3)
NoPatience = Operations.of(Stack, OF_STACK, patience="long")
NoStrategyOfSearch = Operations.of(Stack, OF_STACK, strategy="zzz")
NoKey = Operations.of(Stack, OF_STACK, key="nokey")
Nothing = Operations.of(Stack, {"push": [st.nothing()]})
Five = Operations.of(Stack, OF_STACK, model=staticmethod(five))
Incomparable = Operations.of(GivesOdd, {"get": []})
NoMethod = Operations.of(Stack, {"push": [ITEMS], "peek": []})
TooFew = Operations.of(Stack, {"push": []})
Unlike = Operations.of(Stack, OF_STACK, model=Guesses)
NoModel = Operations.of(Stack, OF_STACK, model=3)
Odd = Operations.of(Stack, OF_STACK, consistency="eventual")
Misspelled = type("Misspelled", (OnStack,), {"thread": 2, "__module__": __name__})
CountsMade = Operations.of(Counts, {"read": []})
FailsToBegin = Operations.of(Fails, {"read": []})


@pytest.mark.parametrize(
    ("operations", "words"),
    [
        (Without, "there are no operations; decorate methods with @operation"),
        (Misses, "Misses.put: missing a required argument: 'item'"),
        (NoStrategy, "NoStrategy.put: item=3 is not a strategy"),
        (NoMethod, "Stack has no peek"),
        (TooFew, "push: missing a required argument: 'item'"),
        (Unlike, "its model has no method push"),
        (NoModel, "its model is neither a class nor a function"),
        (Odd, "no consistency 'eventual'; there are linearizable, sequential, quiescent"),
        (CountsMade, "the same calls in the same order give one thing, then another"),
        (FailsToBegin, "cannot be made: OSError: there is none"),
        (Clashes, "Clashes.model: Operations has another model"),
        (Waits, "Waits.get is a generator or a coroutine; a call runs nothing"),
        (Untargeted, "Untargeted.give: nothing goes to the bundle 'taken'"),
        *((operations, f": {name}=-1 is not at least") for name, operations in Fewer.items()),
        (NoList, "include='queue' is not a list of names"),
        (Mistaken, "the model raised TypeError: "),
        (NoOption, "no option 'executons'; there are model, "),
        (Misspelled, "Misspelled: no option 'thread'; did you mean threads?"),
        (NoPatience, "patience='long' is not at least 0"),
        (NoStrategyOfSearch, "no strategy 'zzz'; there are portfolio, "),
        (NoKey, "no operation has the argument 'nokey' of its key"),
        (Nothing, "there are no calls to draw"),
        (Five, "the model returned 5 for push"),
        (Incomparable, "its results cannot be compared: ValueError: ambiguous; see `same`"),
        (Operations.of(Stack, OF_STACK), "has no name at the top of its module"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_makes_no_sense_is_said_in_a_line(operations, words):
    with pytest.raises(ProgramError) as caught:
        check(operations, settings=QUICK)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("operations", "words"),
    [
        ([("push", [ITEMS])], "Operations of Stack: not a dict of names and strategies"),
        ({"push": ITEMS}, "push: no list of strategies, nor a dict by argument: integers"),
        ({"push": "x"}, "push: no list of strategies, nor a dict by argument: 'x'"),
    ],
)
def test_the_short_form_says_what_it_takes(operations, words):
    with pytest.raises(ProgramError, match=words):
        Operations.of(Stack, operations)


class Bare(Operations):
    def __init__(self):
        self.count = 0

    @operation
    def add(self):
        self.count += 1

    @final()
    def counted(self):
        assert self.count < 2


def test_decorators_need_no_parentheses_and_may_have_them():
    with pytest.raises(AssertionError):
        check(Bare, Calls("add(); add()"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("push(1)", "are to be as in BEFORE | THREAD | THREAD | AFTER"),
        ("| push( | pop() |", "was never closed"),
        ("| x = 1 | pop() |", "is not a call of an operation"),
        ("| push(print()) | pop() |", "is not a literal"),
        ("| push(**{}) | pop() |", "is not a call of an operation"),
        ("| peek() | pop() |", "no operation peek; there are pop, push"),
        ("| push(top) | pop() |", "no earlier call gives 'top'; did you mean the text 'top'?"),
        ("| top = pop() | push(top) |", "push(top): no earlier call gives 'top'"),
        ("| push(top); top = pop() |", "push(top): no earlier call gives 'top'"),
        ("top = pop() | top = pop() |", "top = pop(): another call gives 'top', too"),
        ("| push() | pop() |", "push(): missing a required argument: 'item'"),
        ("| push(1) | pop(2) |", "pop(2): too many positional arguments"),
        ("| push(item=1, of=2) | pop() |", "got an unexpected keyword argument 'of'"),
    ],
)
def test_calls_that_make_no_sense(text, words):
    with pytest.raises(ProgramError) as caught:
        check(OnStack, Calls.parse(text))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_calls_are_shown_as_they_are_written():
    text = "a = push(1); b = push(item='x|y') | push(a) | pop(); pop() | push(b)"
    calls = Calls.parse(text)
    assert calls.on_a_line() == text
    assert repr(eval(repr(calls))) == repr(calls)
    assert len(calls) == 6


@pytest.mark.parametrize(
    "calls",
    [
        Calls("push(1)"),
        Calls("", [], "push(1)"),
        Calls("", ["push('|')"]),
        Calls("", ["", "pop()"]),
    ],
)
def test_calls_are_read_as_they_are_shown(calls):
    assert repr(Calls.parse(calls.on_a_line())) == repr(calls)
    assert not search(OnStack, calls, executions=1).found
