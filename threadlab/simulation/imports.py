"""What a module imports when it is imported itself, read from its code.

The importer decides by this whether a module may be the process's own. Nothing is executed to find
out, and functions do not count: what they import they take from `sys.modules` when they are called,
and that is the simulated world's while anything of it runs.

The instructions are read as bytes. `modulefinder` does the same with `dis`, and takes a millisecond
for each module, which is longer than it takes to import most of them.
"""

import sys
from collections.abc import Iterator
from inspect import CO_OPTIMIZED
from opcode import opmap
from types import CodeType
from typing import NamedTuple

_IMPORT = opmap["IMPORT_NAME"]
_EXTENDED = opmap["EXTENDED_ARG"]
_CONST = opmap["LOAD_CONST"]
_SMALL_INT = opmap.get("LOAD_SMALL_INT", -1)  # from 3.14 on
_NAME_AT = 2 if sys.version_info >= (3, 15) else 0  # below it are flags of lazy imports


class Import(NamedTuple):
    """``from {level * '.'}{name} import {names}``, or without names an ``import``."""

    name: str
    names: tuple[str, ...]
    level: int


def imports_of(code: CodeType) -> Iterator[Import]:
    """The imports of a module's ``code`` and of the bodies of its classes, in their order."""
    raw = code.co_code
    operations = raw[::2]
    at = operations.find(_IMPORT)
    while at >= 0:
        name, before = _argument(raw, at)
        names, level_at = _constant(code, before)
        level, _ = _constant(code, level_at)
        yield Import(
            code.co_names[name >> _NAME_AT],
            names if isinstance(names, tuple) else (),
            level if isinstance(level, int) else 0,
        )
        at = operations.find(_IMPORT, at + 1)
    for constant in code.co_consts:
        if isinstance(constant, CodeType) and not constant.co_flags & CO_OPTIMIZED:
            yield from imports_of(constant)


def _argument(raw: bytes, at: int) -> tuple[int, int]:
    """That of the instruction ``at``, and where the one before it is."""
    argument, place, at = raw[2 * at + 1], 8, at - 1
    while at >= 0 and raw[2 * at] == _EXTENDED:
        argument |= raw[2 * at + 1] << place
        place, at = place + 8, at - 1
    return argument, at


def _constant(code: CodeType, at: int) -> tuple[object, int]:
    """What the instruction ``at`` loads, none if that is no constant, and the one before."""
    if at < 0:
        return None, -1
    operation = code.co_code[2 * at]
    argument, before = _argument(code.co_code, at)
    if operation == _SMALL_INT:
        return argument, before
    return (code.co_consts[argument] if operation == _CONST else None), before
