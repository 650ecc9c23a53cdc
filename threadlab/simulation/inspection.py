"""Looks at objects without running any code of theirs.

Nearly all that one asks of an object may be code of its class, or of the class of that: attributes,
``isinstance`` (by way of ``__class__``), comparing, even the name of its class. What only looks on
must go by what the interpreter itself keeps.
"""

from collections.abc import Callable, Mapping
from types import GetSetDescriptorType, MemberDescriptorType
from typing import TypeGuard, TypeVar

T = TypeVar("T")
ABSENT = object()
_BASES, _NAME, _OWN = (vars(type)[name].__get__ for name in ("__mro__", "__name__", "__dict__"))

identity: Callable[[object], int] = object.__hash__
"""As ``id``, another number for each that lives; but of each ``id`` Python tells its audit hooks,
which costs more than all that is done with it."""


def bases(cls: type) -> tuple[type, ...]:
    """Where attributes of its instances are looked for: itself, and what it inherits from."""
    found: tuple[type, ...] = _BASES(cls)
    return found


def name_of(cls: type) -> str:
    name: str = _NAME(cls)
    return name


def is_a(thing: object, cls: type[T]) -> TypeGuard[T]:
    """As ``isinstance``, but for what only claims to be one. ``cls`` must be built in."""
    return issubclass(type(thing), cls)


def variables(thing: object) -> Mapping[str, object]:
    """Its ``__dict__``; empty if it has none."""
    if is_a(thing, type):
        of_class: Mapping[str, object] = _OWN(thing)
        return of_class
    for base in bases(type(thing)):
        found = _OWN(base).get("__dict__")
        if type(found) in (GetSetDescriptorType, MemberDescriptorType):
            try:
                of_thing: Mapping[str, object] = found.__get__(thing)
            except AttributeError:
                break
            return of_thing
    return {}


def is_descriptor(value: object) -> bool:
    """Whether what is found in a class is asked for what it stands for."""
    return any("__get__" in _OWN(base) for base in bases(type(value)))


def plain(owner: object, name: str) -> object:
    """The variable ``owner.name``; `ABSENT` if it is none."""
    if is_a(owner, type):
        return _inherited(owner, name)
    for base in bases(type(owner)):
        slot = _OWN(base).get(name)
        if type(slot) is MemberDescriptorType:
            try:
                return slot.__get__(owner)
            except AttributeError:
                return ABSENT
    own = variables(owner)
    if name in own:
        return own[name]
    value = _inherited(type(owner), name)
    return ABSENT if is_descriptor(value) else value


def _inherited(cls: type, name: str) -> object:
    for base in bases(cls):
        own = _OWN(base)
        if name in own:
            return own[name]
    return ABSENT
