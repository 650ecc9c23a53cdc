"""Does an execution come back, again and again, to where it was? Then it will never end.

How many steps a loop makes says nothing: a long one that counts up ends, and one that waits for
what nobody does never will. But a loop in which nothing changes repeats for ever. So when nothing
has been handed over between tasks for long, the *state* is looked at now and then: where each task
is, the values of its variables, and of those of the modules, a few levels deep. The clock is no
part of it. A state that comes again and again is taken for a proof.

It is one only as far as one sees: not into iterators and what else is of C. So a state must come
`AGAIN` times, with a thousand steps between: more than such a loop in a test has left to do; or
`SOON` where nobody who could go on is in a function with a ``for``, whose iterator is hidden. And
what is new in each round, such as the time in a variable, makes each state another: that execution
goes on until its steps are used up, and is cut off.
"""

import itertools
from collections import Counter, deque
from collections.abc import Iterable
from functools import cache
from opcode import opmap
from types import CodeType, FrameType, ModuleType
from typing import Any

from threadlab.simulation.frames import LABORATORY, is_own
from threadlab.simulation.inspection import variables

AGAIN = 60
"""How often a state must come."""

SOON = 20
"""How often, if no loop has an iterator, and none looks at the clock."""

DEPTH = 3
MOST = 8
"""Levels into an object, and items of each container, that are looked at."""

IMMUTABLE = 1 << 8
"""The flag of a class that cannot be changed."""

_PLAIN = (int, float, complex, str, bytes, bool, type(None))
_CONTAINERS = (list, tuple, set, frozenset, deque)


class Repetition:
    """Of the states of an execution since something was last handed over."""

    def __init__(self) -> None:
        self._seen: Counter[object] = Counter()

    def clear(self) -> None:
        self._seen.clear()

    def look(self, frames: Iterable[FrameType | None]) -> int:
        """How often the state of these tasks has come before, innermost frames given."""
        stacks = [tuple(_frames(frame)) for frame in frames]
        own = [one.f_globals for stack in stacks for one in stack if is_own(one)]
        modules = {id(names): names for names in own}.values()
        state = (
            tuple(tuple(map(_place, stack)) for stack in stacks),
            tuple(_shape(names, DEPTH) for names in modules),
        )
        self._seen[state] += 1
        return self._seen[state] - 1


def iterates(frames: Iterable[FrameType | None]) -> bool:
    """Whether any of these tasks, innermost frames given, is in a function with a ``for``."""
    return any(_has_for(each.f_code) for frame in frames for each in _frames(frame))


@cache
def _has_for(code: CodeType) -> bool:
    return opmap["FOR_ITER"] in code.co_code[::2]


def _frames(frame: FrameType | None) -> Iterable[FrameType]:
    while frame is not None:
        if not frame.f_code.co_filename.startswith(LABORATORY):
            yield frame
        frame = frame.f_back


def _place(frame: FrameType) -> object:
    names = _shape(dict(frame.f_locals), DEPTH) if is_own(frame) else None
    return frame.f_code, frame.f_lasti, names


def _shape(value: Any, depth: int) -> object:
    """What of ``value`` can be seen without running any code, as something that compares by it."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is itertools.count:
        return repr(value)
    if not depth or issubclass(kind, ModuleType):
        return kind
    inside: list[object] = []
    for base in _CONTAINERS:
        if issubclass(kind, base):
            inside.append(base.__len__(value))
            if base not in (set, frozenset):  # whose order is of addresses
                items = itertools.islice(base.__iter__(value), MOST)
                inside += [_shape(item, depth - 1) for item in items]
    if issubclass(kind, dict):
        inside.append(dict.__len__(value))
        many = MOST if depth < DEPTH else None
        pairs = itertools.islice(dict.items(value), many)
        inside += [(_shape(key, 1), _shape(item, depth - 1)) for key, item in pairs]
    own = variables(value)
    if own and (not issubclass(kind, type) or is_of_program(value)):
        inside += [
            (name, _shape(item, depth - 1)) for name, item in own.items() if name[:2] != "__"
        ]
    return kind, tuple(inside)


def is_of_program(cls: type) -> bool:
    """Whether a class may change while the program runs."""
    return not cls.__flags__ & 1 << 8
