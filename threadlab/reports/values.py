"""Values in a few characters, the same in each process, without running any code of theirs.

What has no such form of its own is shown as the name of its class.
"""

import heapq
import itertools
import reprlib
from collections import deque
from typing import Any

from threadlab.simulation.inspection import bases, is_a, name_of, plain, variables
from threadlab.simulation.recording.variables import CONTAINERS

ROOM = 60
"""Characters at most."""

ITEMS = 5
"""Members of a container that are shown."""

LARGE = 1000
"""Members of a set from which on none is shown, since all are needed to put them in order."""

PLAIN = (bool, int, float, complex, str, bytes, type(None))
_SCALARS: tuple[Any, ...] = (int, float, str, bytes)
_CONTAINERS: dict[Any, str] = {
    list: "[]",
    tuple: "()",
    deque: "[]",
    set: "{}",
    frozenset: "{}",
    dict: "{}",
    bytearray: "",
}

_repr = reprlib.Repr()
_repr.maxstring = 24
_repr.maxother = 32


def is_plain(value: object) -> bool:
    """Whether it is of a built-in type and no subclass, so that it may be asked anything."""
    cls = type(value)
    return any(cls is one for one in PLAIN)


def is_container(value: object) -> bool:
    return issubclass(type(value), CONTAINERS)


def short(value: object) -> str:
    """At most `ROOM` characters."""
    text = _short(value, 2)
    return text if len(text) <= ROOM else f"{text[: ROOM - 3]}..."


def printable(text: str) -> str:
    """Without line breaks and whatever else moves a terminal's cursor."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def _short(value: object, depth: int) -> str:
    if is_plain(value):
        return _literal(value)
    cls = type(value)
    for base, brackets in _CONTAINERS.items():
        if issubclass(cls, base):
            return _members(base, value, brackets, depth)
    if is_a(value, type):
        return name_of(value)
    if any(map(_is_enum, bases(cls))):
        name = plain(value, "_name_")
        return f"{name_of(cls)}.{name}" if type(name) is str else name_of(cls)
    for base in _SCALARS:
        if issubclass(cls, base):
            (inner,) = base.__getnewargs__(value)
            return f"{name_of(cls)}({_literal(inner)})"
    return name_of(cls)


def _is_enum(cls: type) -> bool:
    """Whether it is `enum.Enum`, of which a simulated world may have one of its own."""
    return name_of(cls) == "Enum" and variables(cls).get("__module__") == "enum"


def _literal(value: object) -> str:
    if type(value) is int and value.bit_length() > 100:  # repr refuses the largest
        return f"<an int of {value.bit_length()} bits>"
    if type(value) is bytes and len(value) > 16:
        return f"{value[:16]!r}... {len(value)} in all"
    return _repr.repr(value)


def _members(base: Any, value: Any, brackets: str, depth: int) -> str:
    size = base.__len__(value)
    if base is bytearray:
        return (
            _literal(bytes(base.__getitem__(value, slice(17)))) if size <= 16 else f"{size} bytes"
        )
    parts: list[str] = []
    if depth and base is dict:
        items = itertools.islice(dict.items(value), ITEMS)
        parts = [f"{_short(key, 1)}: {_short(one, depth - 1)}" for key, one in items]
    elif depth and brackets != "{}":
        parts = [_short(one, depth - 1) for one in itertools.islice(base.__iter__(value), ITEMS)]
    elif depth and size < LARGE:  # by what is shown, since their order is that of hashes
        parts = heapq.nsmallest(ITEMS, (_short(one, depth - 1) for one in base.__iter__(value)))
    while sum(map(len, parts)) > ROOM - 20 and len(parts) > 1:
        parts.pop()
    more = [f"... {size} in all"] if size > len(parts) else []
    comma = "," * (base is tuple and size == 1 and not more)
    return brackets[0] + ", ".join(parts + more) + comma + brackets[1]
