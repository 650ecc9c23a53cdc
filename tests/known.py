"""The laws that a subject is known to break, as the file of ``--known`` has them.

A table is the name of a law; see docs/reference/gate.md.
"""

import ast
import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from tests import laws
from threadlab import Schedule


class Known(NamedTuple):
    """A law that is known to be broken: ``test`` fails with ``example``, under ``schedule``."""

    law: str
    reason: str
    test: str
    example: Mapping[str, Any]
    schedule: Schedule


def read(path: str, contract: Mapping[str, str]) -> dict[str, Known]:
    """What the file says, by law. Raises `pytest.UsageError` if it cannot be understood."""
    try:
        with open(path, "rb") as file:
            content = tomllib.load(file)
    except OSError as error:
        raise pytest.UsageError(f"--known: cannot read {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise pytest.UsageError(f"--known: {path}: {error}") from None
    known = {}
    for law, entry in content.items():
        try:
            known[law] = _entry(law, entry, contract)
        except (KeyError, ValueError, TypeError, SyntaxError) as error:
            what = f"{error} is missing" if isinstance(error, KeyError) else error
            raise pytest.UsageError(f"--known: {path}: {law}: {what}") from None
    return known


def _entry(law: str, entry: Any, contract: Mapping[str, str]) -> Known:
    if law not in contract:
        raise ValueError("the contract has no such law")
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise ValueError("it is to be a table of texts: reason, test, example, schedule")
    if odd := entry.keys() - {"reason", "test", "example", "schedule"}:
        raise ValueError(f"it has no {', '.join(sorted(odd))}")
    if not entry["reason"].strip():
        raise ValueError("the reason is empty")
    if laws.of_test(entry["test"].rpartition("::")[2]) != law:
        raise ValueError(f"{entry['test']!r} is no test of it")
    call = ast.parse(f"_({entry.get('example', '')})", mode="eval").body
    assert isinstance(call, ast.Call)
    if call.args:
        raise ValueError("the example is to be as in name=value, name=value")
    example = {
        str(keyword.arg): _value(keyword) for keyword in call.keywords if keyword.arg != "world"
    }
    schedule = Schedule.parse(entry["schedule"])
    return Known(law, entry["reason"], entry["test"], example, schedule)


def _value(keyword: ast.keyword) -> Any:
    try:
        return ast.literal_eval(keyword.value)
    except ValueError:
        what = f"{keyword.arg}={ast.unparse(keyword.value)}"
        raise ValueError(f"{what} is not a literal, and cannot be known") from None
