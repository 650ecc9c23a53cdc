"""What can be seen of the state of an object: two in which all is the same will go on the same.

Two orders of calls that have led to the same state need not both be continued: without that, many
calls that overlap have too many orders. It must be exact, or nothing: of what is not known to the
bottom, such as an iterator or an object of C, nothing is said.
"""

import types
from collections import OrderedDict, deque
from collections.abc import Hashable, Iterable
from typing import Any

from threadlab.simulation.inspection import bases, plain, variables
from threadlab.simulation.modules import FAKES

_PLAIN = (int, float, complex, str, bytes, bool, type(None))
_FIXED = (types.BuiltinFunctionType, types.ModuleType, type)
"""Of these another one is another thing."""


IMMUTABLE, HEAP = 1 << 8, 1 << 9
"""Flags of classes: that they cannot be changed, and that they were made as the program runs."""


class _Unknown(Exception):
    pass


def state(thing: object) -> Hashable | None:
    """What compares equal for objects in the same state; none if that is not known."""
    try:
        return _seen(thing, {})
    except (_Unknown, RecursionError):
        return None


def _seen(thing: Any, known: dict[int, int]) -> Hashable:
    kind = type(thing)
    if kind in _PLAIN:
        return kind, thing
    if isinstance(thing, types.BuiltinFunctionType) and not isinstance(
        thing.__self__, types.ModuleType | None
    ):
        return "bound", thing.__name__, _seen(thing.__self__, known)
    if isinstance(thing, _FIXED):
        return kind, thing
    if id(thing) in known:
        return "again", known[id(thing)]
    known[id(thing)] = len(known)
    if kind.__module__ in FAKES:
        if not hasattr(kind, "locked"):
            raise _Unknown
        return kind, thing.locked(), getattr(thing, "_count", None)
    if kind is types.MethodType:
        function, owner = thing.__func__, type(thing.__self__)
        if plain(owner, function.__name__) is not function:
            raise _Unknown
        return "bound", function, _seen(thing.__self__, known)
    if kind is types.FunctionType:
        bound = [thing.__defaults__, thing.__kwdefaults__, vars(thing), *_closure(thing)]
        return kind, thing.__code__, *(_seen(value, known) for value in bound)
    return kind, tuple(_inside(thing, kind, known)), tuple(_variables(thing, kind, known))


def _closure(function: types.FunctionType) -> Iterable[object]:
    try:
        return [cell.cell_contents for cell in function.__closure__ or ()]
    except ValueError:  # one that is not bound yet
        raise _Unknown from None


def _inside(thing: Any, kind: type, known: dict[int, int]) -> Iterable[Hashable]:
    for base in bases(kind):
        if base in (list, tuple, deque):
            items: Any = base
            return [
                getattr(thing, "maxlen", None),
                *(_seen(i, known) for i in items.__iter__(thing)),
            ]
        if base in (dict, OrderedDict):  # of which each has an order of its own
            items = base
            return [(_seen(k, known), _seen(v, known)) for k, v in items.items(thing)]
        if base in (set, frozenset):
            its_own = sorted(
                set.__iter__(thing) if base is set else frozenset.__iter__(thing), key=repr
            )
            if not all(type(item) in _PLAIN for item in its_own):
                raise _Unknown
            return [(type(item), item) for item in its_own]
        if base is not object and not _is_of_python(base):
            raise _Unknown
    return ()


def _is_of_python(cls: type) -> bool:
    """Whether it was made by a ``class`` statement, so that all its state can be seen."""
    made_by_c = isinstance(vars(cls).get("__new__"), types.BuiltinFunctionType)
    return bool(cls.__flags__ & HEAP) and not cls.__flags__ & IMMUTABLE and not made_by_c


def _variables(thing: Any, kind: type, known: dict[int, int]) -> Iterable[Hashable]:
    for base in bases(kind):
        for name, slot in vars(base).items():
            if type(slot) is types.MemberDescriptorType:
                try:
                    yield name, _seen(slot.__get__(thing), known)
                except AttributeError:
                    yield name, None
    for name, value in variables(thing).items():
        yield name, _seen(value, known)
