"""The search for an order: against brute force, and in what it says of calls that wait."""

import random

import pytest

from tests.lab.histories import by_brute_force, history, register
from threadlab.oracle.calls import Invocation, first_of_the_same
from threadlab.oracle.history import AFTER, BEFORE, Call, Outcome
from threadlab.oracle.order import CONSISTENCIES, explain, independent, needed
from threadlab.oracle.specification import Blocks, Ended, Function, Replayed

REGISTER = Function(register, 0)


def returned(thread, name, args, result, invoked, responded, **others):
    outcome = Outcome("returned", result)
    return Call(thread, name, args, {}, invoked, responded, outcome, **others)


def pending(thread, name, args, invoked):
    return Call(thread, name, args, {}, invoked, None, None)


@pytest.mark.parametrize("consistency", CONSISTENCIES)
@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 2)], ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_it_agrees_with_brute_force(consistency, shape, seed):
    choose = random.Random(f"{shape} {seed}")
    explained = 0
    for _ in range(280):  # 10,080 in all
        calls = history(choose, *shape, wrong=choose.choice([0, 0.2]))
        order = explain(calls, REGISTER, consistency).order
        assert (order is not None) == by_brute_force(calls, consistency), calls
        explained += order is not None
    assert 100 < explained < 280


def test_the_order_explains_them():
    choose = random.Random(0)
    for _ in range(100):
        calls = history(choose, 4, 6, wrong=0)
        state = 0
        for place in explain(calls, REGISTER).order:
            state, result = register(state, calls[place].name, *calls[place].args)
            assert result == calls[place].outcome.value


def test_what_does_not_overlap_keeps_its_order_as_far_as_is_asked_for():
    calls = [
        returned("A", "write", (1,), None, 0, 1),
        returned("B", "read", (), 0, 2, 3),
    ]
    found = {name: explain(calls, REGISTER, name).order for name in CONSISTENCIES}
    assert found == {"linearizable": None, "sequential": [1, 0], "quiescent": None}
    beside = [*calls, returned("C", "read", (), 1, 0, 5)]
    assert explain(beside, REGISTER, "quiescent").order is not None
    assert explain(beside, REGISTER, "linearizable").order is None


@pytest.mark.parametrize("consistency", CONSISTENCIES)
def test_what_comes_before_and_after_the_threads_is_first_and_last(consistency):
    calls = [
        returned("before", "write", (1,), None, 0, 1, part=BEFORE),
        returned("A", "read", (), 0, 2, 3),
        returned("after", "write", (0,), None, 4, 5, part=AFTER),
    ]
    assert explain(calls, REGISTER, consistency).order is None


def queue(state, name, *args):
    state = state or ()
    if name == "put":
        if len(state) == 1:
            raise Blocks
        return (*state, *args), None
    if name == "get":
        if not state:
            raise Blocks
        return state[1:], state[0]
    if name == "any":
        return [(state, 1), (state, 2)]
    raise KeyError(name)


def test_a_call_that_never_returns_must_wait_in_the_end():
    waits = [returned("A", "put", (1,), None, 0, 1), pending("B", "put", (2,), 2)]
    assert explain(waits, Function(queue)).order == [0]
    could = [*waits, returned("C", "get", (), 1, 3, 4)]
    explanation = explain(could, Function(queue))
    assert explanation.order is None
    assert explanation.closest.order == [0, 2]
    assert explanation.closest.next == {1: [Outcome("returned", None)]}


def test_several_results_may_be_right_and_exceptions_are_told_apart_by_type():
    raised = Outcome("raised", KeyError("another text"))
    calls = [
        returned("A", "any", (), 2, 0, 1),
        Call("A", "odd", (), {}, 2, 3, raised),
    ]
    assert explain(calls, Function(queue)).order == [0, 1]
    other = calls[1]._replace(outcome=Outcome("raised", LookupError()))
    assert explain([calls[0], other], Function(queue)).order is None
    assert (
        explain([calls[0]._replace(outcome=Outcome("returned", 3))], Function(queue)).order is None
    )


def test_results_are_compared_as_asked():
    calls = [returned("A", "read", (), "0", 0, 1)]
    assert explain(calls, REGISTER).order is None
    assert explain(calls, REGISTER, same=lambda one, other: str(one) == str(other)).order == [0]


def test_few_calls_are_named():
    calls = [
        returned("A", "write", (1,), None, 0, 1),
        returned("A", "write", (2,), None, 2, 3),
        returned("B", "read", (), 2, 4, 5),
        returned("C", "read", (), 1, 6, 7),
    ]
    assert needed(calls, REGISTER) == [1, 3]


def test_a_search_that_gives_up_says_so():
    calls = history(random.Random(0), 3, 3, wrong=0)
    explanation = explain(calls, REGISTER, limit=3)
    assert explanation.order is None
    assert not explanation.decided


def test_calls_of_other_keys_are_judged_apart():
    calls = [
        Call("A", "put", (), {"key": "x"}, 0, 1, Outcome("returned", None)),
        Call("B", "put", (), {"key": "y"}, 0, 1, Outcome("returned", None)),
        Call("A", "get", (), {"key": "x"}, 2, 3, Outcome("returned", None)),
    ]

    def key(call):
        return call.kwargs["key"]

    assert independent(calls, key) == [[calls[0], calls[2]], [calls[1]]]
    whole = [*calls, Call("A", "clear", (), {}, 4, 5, Outcome("returned", None))]
    assert independent(whole, key) == [whole]


def test_what_is_known_of_calls_is_known_of_the_same_calls():
    made = []

    def make(numbers):
        made.append(tuple(numbers))
        return Ended([Outcome("returned", None) for _ in numbers], waits=False)

    calls = [returned("A", "add", (), None, 0, 9, number=number) for number in range(4)]
    same = Replayed(make, [0, 0, 0, 0], range(4))
    state = same.begin()
    for number in (2, 0, 3, 1):
        ((_, _, state),) = same.steps(state, calls[number])
    assert made == [(0, 0, 0, 0)]
    others = Replayed(make, [0, 1, 2, 3], range(4))
    ((_, _, state),) = others.steps(others.begin(), calls[2])
    ((_, _, state),) = others.steps(state, calls[0])
    assert made[1:] == [(2, 0, 1, 3)]


def test_what_only_looks_alike_is_not_the_same():
    class Odd:
        def __repr__(self):
            return "1"

    one = Invocation("add", (1,))
    odd = Invocation("add", (Odd(),))
    assert first_of_the_same([one, odd, one, Invocation("add", (True,)), odd]) == [0, 1, 0, 3, 4]


def test_a_call_is_shown_without_addresses():
    call = returned("A", "put", (object(), [1]), object(), 0, 1)
    assert (str(call), call.outcome.past) == ("put(object, [1])", "returned object")
