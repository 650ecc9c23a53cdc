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

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from threadlab.oracle.history import BESIDE, Call, Outcome
from threadlab.oracle.specification import Specification, Step

Consistency = Literal["linearizable", "sequential", "quiescent"]
CONSISTENCIES: tuple[str, ...] = get_args(Consistency)

LIMIT = 100_000
"""Calls that are put in their place, after which a search gives up."""

Same = Callable[[object, object], bool]


def equal(one: object, other: object) -> bool:
    """Whether two results are the same."""
    return one is other or bool(one == other)


class Attempt(NamedTuple):
    """An order that cannot be continued: of each call that may be next, what it would have given.

    ``order`` are places in the history. Nothing instead of outcomes: the call would wait. A call
    that is pending, and need not wait, is one of these, too.
    """

    order: Sequence[int]
    next: Mapping[int, Sequence[Outcome]]


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
    before = predecessors(calls, consistency)
    pending = [call for call in calls if call.outcome is None]
    places = [place for place, call in enumerate(calls) if call.outcome is not None]
    places.sort(key=lambda place: when_responded(calls[place]))
    completed = sum(1 << place for place in places)
    steps = specification.steps

    def following(done: int, state: Hashable) -> Iterator[tuple[int, Hashable]]:
        for place in places:
            if not done >> place & 1 and before[place] & ~done == 0:
                for outcome, after in steps(state, calls[place]):
                    if place in free or _explains(outcome, calls[place].outcome, same):
                        yield place, after
                if place in free:
                    yield place, state  # it waits, and others go on

    def ends(done: int, state: Hashable) -> bool:
        return done == completed and not any(steps(state, call) for call in pending)

    state, done = specification.begin(), 0
    seen = {(done, state)}
    order: list[int] = []
    closest: tuple[list[int], Hashable] = [], state
    if ends(done, state):
        return Explanation(())
    path = [(done, following(done, state))]
    while path:
        done, left = path[-1]
        for place, state in left:
            reached = done | 1 << place
            if (reached, state) in seen:
                continue
            if len(seen) >= limit:
                return Explanation(None, None, decided=False)
            seen.add((reached, state))
            order.append(place)
            if ends(reached, state):
                return Explanation(order)
            if len(order) > len(closest[0]):
                closest = [*order], state
            path.append((reached, following(reached, state)))
            break
        else:
            path.pop()
            if order:
                order.pop()
    return Explanation(None, _attempt(calls, before, *closest, steps))


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
            tried = explain(calls, specification, consistency, same=same, free={*free, place})
            if tried.order is None and tried.decided:
                free.add(place)
    return [p for p in range(len(calls)) if p not in free and calls[p].outcome is not None]


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
            if equal(known, its_own):
                part.append(call)
                break
        else:
            parts.append((its_own, [call]))
    return [part for _, part in parts]


def _explains(outcome: Outcome, observed: Outcome | None, same: Same) -> bool:
    if observed is None or outcome.how != observed.how:
        return False
    if outcome.how == "raised":
        return type(outcome.value) is type(observed.value)
    return same(observed.value, outcome.value)


def when_responded(call: Call) -> float:
    return float("inf") if call.responded is None else call.responded


def predecessors(calls: Sequence[Call], consistency: Consistency) -> list[int]:
    """For each call those that have to precede it, as bits."""
    quiet = _quiet(calls) if consistency == "quiescent" else []
    result = []
    for call in calls:
        bits = 0
        for place, other in enumerate(calls):
            if other.part != call.part:
                precedes = other.part < call.part
            elif consistency == "sequential" or call.part != BESIDE:
                precedes = other.thread == call.thread and when_responded(other) < call.invoked
            elif consistency == "linearizable":
                precedes = when_responded(other) < call.invoked
            else:
                precedes = any(when_responded(other) <= moment < call.invoked for moment in quiet)
            bits |= precedes << place
        result.append(bits)
    return result


def _quiet(calls: Sequence[Call]) -> list[float]:
    """When calls end that leave no call behind."""
    ends = [when_responded(call) for call in calls]
    return [end for end in ends if not any(c.invoked < end < when_responded(c) for c in calls)]


def _attempt(
    calls: Sequence[Call],
    before: Sequence[int],
    order: Sequence[int],
    state: Hashable,
    steps: Callable[[Hashable, Call], Sequence[Step]],
) -> Attempt:
    done = sum(1 << place for place in order)
    return Attempt(
        order,
        {
            place: [outcome for outcome, _ in steps(state, call)]
            for place, call in enumerate(calls)
            if not done >> place & 1 and before[place] & ~done == 0
        },
    )
