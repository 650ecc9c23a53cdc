"""Makes calls that fail small: fewest first, then few threads, then plain arguments.

Hypothesis draws them, and could do this as well. But it does not know what a call is or a thread,
so it tries hundreds of programs on its way, each under all its schedules, where some dozen will do.
What arguments there are, and which is the plainest, is asked of Hypothesis here, too.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import hypothesis
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from threadlab.oracle.calls import Calls, Invocation, Operation, Reference

PLAIN = 3
"""So many of the plainest values of an argument are tried one after another."""

TRIED = 20
"""So many others, where none of these will do, nor what other calls are given."""

PAIRS = 8
"""Of up to this many calls any two are left out together, as one may undo the other."""

LEAST = 3
"""So few calls are not tried in other ways."""

Fails = Callable[[Calls], bool]
Placed = list[tuple[int, Invocation]]
"""Calls in their order, each with the number of the part that it is in."""


def made_small(calls: Calls, operations: Sequence[Operation], fails: Fails) -> Calls:
    """Calls of which none can be left out, it seems, so that it still ``fails``."""
    arguments = _Arguments(operations)

    def renamed_fails(calls: Calls) -> bool:
        return fails(_renamed(calls))

    calls = _made_small(calls, arguments, renamed_fails)
    while (fewer := _fewer_otherwise(calls, renamed_fails)) is not None:
        calls = _made_small(fewer, arguments, renamed_fails)
    return _renamed(calls)


def _fewer_otherwise(calls: Calls, fails: Fails) -> Calls | None:
    """Fewer, if one of them is in place of another."""
    if len(calls) <= LEAST:
        return None
    placed = _placed(calls)
    others = {str(call): call for _, call in placed if not call.label}
    for at, (part, call) in enumerate(placed):
        for other in others.values():
            if other.name != call.name:
                candidate = _made(
                    [*placed[:at], (part, other), *placed[at + 1 :]], len(calls.threads)
                )
                if fails(candidate) and len(fewer := _fewer(candidate, fails)) < len(calls):
                    return fewer
    return None


def _made_small(calls: Calls, arguments: "_Arguments", fails: Fails) -> Calls:
    before = None
    while before != (before := str(calls)):
        calls = _fewer(calls, fails)
        calls = _less_beside(calls, fails)
        calls = _plainer(calls, arguments, fails)
    return _drawn_anew(calls, arguments, fails)


def _placed(calls: Calls) -> Placed:
    parts = [calls.before, *calls.threads, calls.after]
    return [(part, call) for part, several in enumerate(parts) for call in several]


def _made(placed: Placed, threads: int) -> Calls:
    """Without those that refer to what is no longer there."""
    parts: list[list[Invocation]] = [[] for _ in range(threads + 2)]
    known: list[set[str]] = [set() for _ in parts]
    for part, call in placed:
        there = set().union(*known) if part == threads + 1 else known[0] | known[part]
        if there.issuperset(call.references()):
            parts[part].append(call)
            known[part].add(call.label)
    first, *several, last = parts
    return Calls(first, [calls for calls in several if calls], last)


def _fewer(calls: Calls, fails: Fails) -> Calls:
    for size in (8, 4, 2, 1):
        at = len(calls) - size
        while at >= 0:
            candidate = _without(calls, range(at, at + size))
            if fails(candidate):
                calls = candidate
                at = min(at, len(calls))
            at -= size
    two = len(calls) <= PAIRS
    while two:
        for one, other in itertools.combinations(range(len(calls)), 2):
            candidate = _without(calls, (one, other))
            if fails(candidate):
                calls = candidate
                break
        else:
            break
    return calls


def _without(calls: Calls, places: Sequence[int]) -> Calls:
    left = [one for place, one in enumerate(_placed(calls)) if place not in places]
    return _made(left, len(calls.threads))


def _less_beside(calls: Calls, fails: Fails) -> Calls:
    """With fewer threads, or fewer calls in them."""
    while True:
        for candidate in _with_less_beside(calls):
            if fails(candidate):
                calls = candidate
                break
        else:
            return calls


def _with_less_beside(calls: Calls) -> Iterator[Calls]:
    before, threads, after = calls.before, calls.threads, calls.after
    for number, thread in enumerate(threads):
        others = [*threads[:number], *threads[number + 1 :]]
        for to, other in enumerate(others):
            for merged in ([*other, *thread], [*thread, *other]):
                yield Calls(before, [*others[:to], merged, *others[to + 1 :]], after)
        first, *rest = thread
        yield Calls([*before, first], [t for t in _with(threads, number, rest) if t], after)
        *rest, last = thread
        yield Calls(before, [t for t in _with(threads, number, rest) if t], [last, *after])


def _with(
    threads: Sequence[list[Invocation]], number: int, thread: list[Invocation]
) -> list[list[Invocation]]:
    return [*threads[:number], thread, *threads[number + 1 :]]


class _Arguments:
    """Of each operation the strategies, and their plainest values, which are found when needed."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._of = {one.name: (*one.args, *one.kwargs.values()) for one in operations}
        self._plainest: dict[str, list[object]] = {}

    def strategy(self, call: Invocation, place: int) -> st.SearchStrategy[Any]:
        return self._of[call.name][place]

    def kind(self, call: Invocation, place: int) -> str:
        """The same for arguments of which there are the same values."""
        return repr(self.strategy(call, place))

    def plainest(self, call: Invocation, place: int) -> list[object]:
        kind = self.kind(call, place)
        if kind not in self._plainest:
            known: list[object] = []
            for _ in range(PLAIN):
                seen = set(map(repr, known))
                known += _found(self.strategy(call, place), partial(_is_none_of, seen))
            self._plainest[kind] = known
        return self._plainest[kind]


def _is_none_of(seen: set[str], value: object) -> bool:
    return repr(value) not in seen


def _found(strategy: st.SearchStrategy[Any], condition: Callable[[Any], bool]) -> list[object]:
    """The plainest value, if there is any."""
    settings = hypothesis.settings(
        max_examples=TRIED, database=None, suppress_health_check=list(HealthCheck), deadline=None
    )
    try:
        return [hypothesis.find(strategy, condition, settings=settings, random=Random(0))]
    except NoSuchExample:
        return []


Spot = tuple[int, int]
"""Where an argument is: in which call, and its place there."""


def _spots(calls: Calls) -> Iterator[tuple[Spot, Invocation, object]]:
    for at, (_, call) in enumerate(_placed(calls)):
        for place, value in enumerate(_values(call)):
            if not isinstance(value, Reference):
                yield (at, place), call, value


def _changed(calls: Calls, values: Mapping[Spot, object]) -> Calls:
    placed = _placed(calls)
    for (at, place), value in values.items():
        part, call = placed[at]
        placed[at] = part, _given(call, place, value)
    return _made(placed, len(calls.threads))


def _plainer(calls: Calls, arguments: "_Arguments", fails: Fails) -> Calls:
    """With plain values as arguments, or else those of other calls, the shortest first."""
    plain = {spot: arguments.plainest(call, spot[1])[0] for spot, call, _ in _spots(calls)}
    for candidate in (_changed(calls, plain), _changed(calls, _in_their_order(calls, arguments))):
        if str(candidate) == str(calls):
            return calls
        if fails(candidate):
            calls = candidate
            break
    for spot, call, value in list(_spots(calls)):
        kind = arguments.kind(call, spot[1])
        alike = [v for s, c, v in _spots(calls) if arguments.kind(c, s[1]) == kind]
        alike.sort(key=lambda value: (len(repr(value)), repr(value)))
        for other in [*arguments.plainest(call, spot[1]), *alike]:
            if repr(other) == repr(value):
                break
            candidate = _changed(calls, {spot: other})
            if fails(candidate):
                calls = candidate
                break
    return calls


def _in_their_order(calls: Calls, arguments: "_Arguments") -> dict[Spot, object]:
    """Other values, the same where they were the same: the plainest is where the first was."""
    new: dict[Spot, object] = {}
    known: dict[str, list[str]] = {}
    for spot, call, value in _spots(calls):
        values = known.setdefault(arguments.kind(call, spot[1]), [])
        if repr(value) not in values:
            values.append(repr(value))
        plainest = arguments.plainest(call, spot[1])
        place = values.index(repr(value))
        new[spot] = plainest[place] if place < len(plainest) else value
    return new


def _drawn_anew(calls: Calls, arguments: "_Arguments", fails: Fails) -> Calls:
    """With what Hypothesis finds for arguments that are none of the plainest."""
    for spot, call, value in list(_spots(calls)):
        if repr(value) not in map(repr, arguments.plainest(call, spot[1])):
            strategy = arguments.strategy(call, spot[1])
            for found in _found(strategy, partial(_fails_with, fails, calls, spot)):
                calls = _changed(calls, {spot: found})
    return calls


def _fails_with(fails: Fails, calls: Calls, spot: Spot, value: object) -> bool:
    return fails(_changed(calls, {spot: value}))


def _values(call: Invocation) -> list[object]:
    return [*call.args, *call.kwargs.values()]


def _given(call: Invocation, place: int, value: object) -> Invocation:
    if place < len(call.args):
        return replace(call, args=(*call.args[:place], value, *call.args[place + 1 :]))
    name = list(call.kwargs)[place - len(call.args)]
    return replace(call, kwargs={**call.kwargs, name: value})


def _renamed(calls: Calls) -> Calls:
    """With results numbered as they come."""
    labels = [call.label for _, call in _placed(calls) if call.label]
    new = {label: f"{label.rpartition('_')[0]}_{number}" for number, label in enumerate(labels, 1)}

    def value(argument: object) -> object:
        return Reference(new[argument.label]) if isinstance(argument, Reference) else argument

    renamed = [
        (
            part,
            Invocation(
                call.name,
                tuple(map(value, call.args)),
                {name: value(argument) for name, argument in call.kwargs.items()},
                new.get(call.label, ""),
            ),
        )
        for part, call in _placed(calls)
    ]
    return _made(renamed, len(calls.threads))
