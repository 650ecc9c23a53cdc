"""Searches for an order of the calls of a history that explains what came of each.

The search is that of Wing and Gong (JPDC 1993): next in the order may be any call that no other one
has to precede; when its outcome is not what the specification says, another is tried. With the
memory of Lowe (CCPE 2017): which calls have been put in order, and the state that they led to, say
all that matters for the rest, so none such is looked at twice.

Which call has to precede which depends on what is asked for:

- *linearizable*: of two that do not overlap, the one that was made first;
- *sequential* consistency (Lamport, 1979): of two of the same thread, the same;
- *quiescent* consistency (Aspnes, Herlihy and Shavit, 1994): of two, the one that was made before
  a moment in which there was no call.

A call that is pending waits for good, and must do so where all the others have led: one that could
go on and never returns is a failure (Burckhardt et al., PLDI 2010). So it has no place in the
order; that it may have had its effect is for those whom a crash keeps from knowing.
"""

import operator
from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from threadlab.oracle.history import Call, Outcome
from threadlab.oracle.specification import Specification, Step

Consistency = Literal["linearizable", "sequential", "quiescent"]
CONSISTENCIES: tuple[str, ...] = get_args(Consistency)

INFINITY = float("inf")

LIMIT = 100_000
"""Calls that are put in their place, after which a search gives up."""

Same = Callable[[object, object], bool]


equal: Same = operator.eq
"""Whether two results are the same, if they are not one object."""


class Attempt(NamedTuple):
    """An order that cannot be continued: of each call that may be next, what it would have given.

    ``order`` are places in the history. Nothing instead of outcomes: the call would wait. A call
    that is pending, and need not wait, is one of these, too.
    """

    order: Sequence[int]
    next: Mapping[int, Sequence[Outcome]]


class Refutation(NamedTuple):
    """An order up to a call that came to something else than ``outcomes``; to none if it waits."""

    order: Sequence[int]
    place: int
    outcomes: Sequence[Outcome]


class Explanation(NamedTuple):
    """``order`` are places in the history, or none if there is no order that explains it.

    ``closest`` is the longest beginning of one. ``decided``: the search has come to its end.
    """

    order: Sequence[int] | None
    closest: Attempt | None = None
    decided: bool = True


def explain(
    calls: Sequence[Call],
    specification: Specification,
    consistency: Consistency = "linearizable",
    *,
    same: Same = equal,
    free: Collection[int] = (),
    limit: int = LIMIT,
) -> Explanation:
    """The first order found that explains ``calls``, in which those that responded first are first.

    Results are compared by ``same``, exceptions by their type. Of calls that are ``free`` any
    outcome will do, and that they wait.
    """
    pending = [call for call in calls if call.outcome is None]
    places = [place for place, call in enumerate(calls) if call.outcome is not None]
    places.sort(key=lambda place: calls[place].responded or 0)
    before = predecessors([calls[place] for place in places], consistency)
    completed = (1 << len(places)) - 1
    steps = specification.steps
    # All that is needed of a call, at hand, for here is where the time goes.
    at_hand = [
        (place, 1 << number, before[number], calls[place], how, value, place in free)
        for number, place in enumerate(places)
        for how, value in [calls[place].outcome or ("", None)]
    ]

    def following(done: int, state: Hashable) -> Iterator[tuple[int, int, Hashable]]:
        first = (~done & done + 1).bit_length() - 1  # of those that are not done
        for place, bit, precede, call, ended, observed, is_free in at_hand[first:]:
            if done & bit or precede & ~done:
                continue
            for how, value, after in steps(state, call):
                if is_free or (
                    how == ended
                    and (
                        value is observed
                        or (
                            type(value) is type(observed)
                            if how == "raised"
                            else same(observed, value)
                        )
                    )
                ):
                    yield place, done | bit, after
            if is_free:
                yield place, done | bit, state  # it waits, and others go on

    def ends(state: Hashable) -> bool:
        return not any(steps(state, call) for call in pending)

    state = specification.begin()
    if not places and ends(state):
        return Explanation(())
    seen: set[tuple[int, Hashable]] = set()
    order: list[int] = []
    closest: tuple[list[int], Hashable] = [], state
    path = [(following(0, state), state)]
    while path:
        left, reached = path[-1]
        for place, done, state in left:
            if (done, state) in seen:
                continue
            if len(seen) >= limit:
                return Explanation(None, None, decided=False)
            seen.add((done, state))
            order.append(place)
            if done == completed and ends(state):
                return Explanation(order)
            path.append((following(done, state), state))
            break
        else:
            if len(order) > len(closest[0]):
                closest = [*order], reached
            path.pop()
            if order:
                order.pop()
    return Explanation(None, _attempt(calls, consistency, *closest, steps))


def needed(
    calls: Sequence[Call],
    specification: Specification,
    consistency: Consistency = "linearizable",
    *,
    same: Same = equal,
) -> list[int]:
    """Of calls that no order explains, a few that it takes for that.

    Whatever comes of the others, no order explains these; but without one of them there is one. A
    call that is pending is always meant.
    """
    free: set[int] = set()
    for place in reversed(range(len(calls))):
        if calls[place].outcome is not None:
            tried = explain(
                calls, specification, consistency, same=same, free={*free, place}, limit=1000
            )
            if tried.order is None and tried.decided:
                free.add(place)
    return [p for p in range(len(calls)) if p not in free and calls[p].outcome is not None]


def refutations(
    calls: Sequence[Call],
    specification: Specification,
    consistency: Consistency = "linearizable",
    *,
    same: Same = equal,
    most: int,
) -> list[Refutation]:
    """Of calls that no order explains, why each order fails; nothing if there are over ``most``.

    Orders in which the calls that responded first are first come first.
    """
    before = predecessors(calls, consistency)
    by_response = sorted(range(len(calls)), key=lambda place: when_responded(calls[place]))
    completed = sum(1 << place for place in by_response if calls[place].outcome is not None)
    found: list[Refutation] = []

    def follow(order: list[int], done: int, state: Hashable) -> None:
        for place in by_response:
            if done >> place & 1 or before[place] & ~done or len(found) > most:
                continue
            observed = calls[place].outcome
            steps = specification.steps(state, calls[place])
            outcomes = [Outcome(how, value) for how, value, _ in steps]
            if observed is None:
                if done == completed and outcomes:
                    found.append(Refutation(order, place, outcomes))
                continue
            after = [
                step[2]
                for step, outcome in zip(steps, outcomes, strict=True)
                if _is_like(outcome, observed, same)
            ]
            if not after:
                found.append(Refutation(order, place, outcomes))
            for new in after:
                follow([*order, place], done | 1 << place, new)

    follow([], 0, specification.begin())
    return found if len(found) <= most else []


def _is_like(one: Outcome, observed: Outcome, same: Same) -> bool:
    if one.how != observed.how:
        return False
    if one.how == "raised":
        return type(one.value) is type(observed.value)
    return one.value is observed.value or same(observed.value, one.value)


def independent(calls: Sequence[Call], key: Callable[[Call], object]) -> list[list[Call]]:
    """Histories that can be judged each by itself: those of each ``key``, which has an ``==``.

    It is all one history if there is a call without a key, for which that raises `LookupError`
    (Horn and Kröning, FORTE 2015).
    """
    parts: list[tuple[object, list[Call]]] = []
    for call in calls:
        try:
            its_own = key(call)
        except LookupError:
            return [list(calls)]
        for known, part in parts:
            if known is its_own or equal(known, its_own):
                part.append(call)
                break
        else:
            parts.append((its_own, [call]))
    return [part for _, part in parts]


def when_responded(call: Call) -> float:
    return INFINITY if call.responded is None else call.responded


def predecessors(calls: Sequence[Call], consistency: Consistency) -> list[int]:
    """For each call those that have to precede it, as bits."""
    if consistency == "sequential":
        return [
            sum(
                1 << place
                for place, other in enumerate(calls)
                if other.part < call.part
                or (other.thread == call.thread and when_responded(other) < call.invoked)
            )
            for call in calls
        ]
    begins: list[float] = [call.invoked for call in calls]
    ends = [INFINITY if call.responded is None else call.responded for call in calls]
    if consistency == "quiescent":
        # In place of times the number of quiet moments before: of those that separate two calls.
        quiet = _quiet(calls)
        begins = [bisect_left(quiet, begin) for begin in begins]
        ends = [bisect_left(quiet, end) for end in ends]
    everywhere = range(len(calls))
    ended = sorted(everywhere, key=ends.__getitem__, reverse=True)
    result, bits = [0] * len(calls), 0
    for place in sorted(everywhere, key=begins.__getitem__):
        begin = begins[place]
        while ended and ends[ended[-1]] < begin:
            bits |= 1 << ended.pop()
        result[place] = bits
    return result


def _quiet(calls: Sequence[Call]) -> list[float]:
    """When calls end that leave no call behind, one after another."""
    ends = [when_responded(call) for call in calls]
    quiet = [end for end in ends if not any(c.invoked < end < when_responded(c) for c in calls)]
    return sorted(quiet)


def _attempt(
    calls: Sequence[Call],
    consistency: Consistency,
    order: Sequence[int],
    state: Hashable,
    steps: Callable[[Hashable, Call], Sequence[Step]],
) -> Attempt:
    done = sum(1 << place for place in order)
    before = predecessors(calls, consistency)
    return Attempt(
        order,
        {
            place: [Outcome(how, value) for how, value, _ in steps(state, call)]
            for place, call in enumerate(calls)
            if not done >> place & 1 and before[place] & ~done == 0
        },
    )
