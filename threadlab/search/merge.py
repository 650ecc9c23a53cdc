"""Puts together what the parts of a search have found, each elsewhere: ``threadlab merge``.

It reads what ``threadlab explore --shard K/N --json`` has printed. Nothing is said of a search of
which a part is missing: that nothing was found would not be so.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from threadlab.errors import ProgramError

Part = dict[str, Any]
"""An object of ``--json``."""

KEYS = {
    *("found", "program", "shard", "executions", "seconds", "steps", "strategy", "seed"),
    *("settings", "exhausted", "cut_off", "failures", "races"),
}
"""What it must have."""


def read(names: Iterable[str]) -> list[Part]:
    """The parts in these files, of which ``-`` is standard input. Raises `ProgramError`.

    Lines that are no objects are what was printed before.
    """
    parts = []
    for name in names:
        try:
            if name == "-":
                lines = sys.stdin.read().splitlines()
            else:
                with open(name, encoding="utf-8", errors="replace") as file:
                    lines = file.read().splitlines()
        except OSError as error:
            raise ProgramError(f"{name}: {error.strerror}") from None
        found = [part for line in lines if (part := _part(line)) is not None]
        if not found:
            raise ProgramError(f"{name}: no line of threadlab explore --json; has that ended?")
        parts += found
    return parts


def _part(line: str) -> Part | None:
    try:
        part = json.loads(line)
    except ValueError:
        return None
    if not isinstance(part, dict) or not part.keys() >= KEYS:
        return None
    return part if re.fullmatch("[0-9]{1,9}/[0-9]{1,9}", str(part["shard"])) else None


def merge(parts: Sequence[Part]) -> Part:
    """One object for all. Raises `ProgramError` unless they are all parts of one search.

    ``seconds`` are those of all; a failure that several parts have found is as the first has it.
    """
    parts = sorted(parts, key=_number)
    _see_that_they_are_all(parts)
    failures = _merged(parts, "failures", _sort_of_failure)
    races = _merged(parts, "races", _lines_of_race)
    first = failures[0] if failures else {}
    what = ("kind", "message", "thread", "location", "calls")
    one = next(part for part in parts if part["found"] or not failures)
    return {
        **one,
        "shard": "1/1",
        **{key: sum(part[key] for part in parts) for key in ("executions", "steps", "cut_off")},
        "seconds": round(sum(part["seconds"] for part in parts), 6),
        "exhausted": all(part["exhausted"] for part in parts),
        "schedule": first.get("schedule"),
        "stall": first.get("stall", 0.0),
        "failure": {key: first[key] for key in what if key in first} or None,
        "failures": failures,
        "races": races,
    }


def _number(part: Part) -> tuple[int, int]:
    number, _, parts = part["shard"].partition("/")
    return int(parts), int(number)


def _see_that_they_are_all(parts: Sequence[Part]) -> None:
    first, *others = (
        {key: part[key] for key in ("program", "seed")} | part["settings"] for part in parts
    )
    for other in others:
        for key, value in first.items():
            if other.get(key) != value:
                raise ProgramError(
                    f"not of one search: {key} {_said(value)} and {key} {_said(other.get(key))}"
                )
    there = [_number(part) for part in parts]
    count = there[-1][0]
    for other, number in there:
        if other != count:
            raise ProgramError(f"not of one search: {other} parts and {count} parts")
        if there.count((count, number)) > 1:
            raise ProgramError(f"part {number}/{count} is there twice")
    numbers = {number for _, number in there}
    missing = next((number for number in range(1, count + 1) if number not in numbers), None)
    if missing is not None:
        raise ProgramError(f"part {missing}/{count} is missing")


def _said(value: object) -> object:
    """As it is written on the command line."""
    return ",".join(value) or "none" if isinstance(value, list) else value


def _merged(parts: Sequence[Part], key: str, sort: Callable[[Part], object]) -> list[Part]:
    """The different ones of all parts, each with the executions of all that have it."""
    merged: dict[object, Part] = {}
    for part in parts:
        for one in part[key]:
            first = merged.setdefault(sort(one), {**one, "executions": 0})
            first["executions"] += one.get("executions", 0)
    return [
        one if one["executions"] else {k: v for k, v in one.items() if k != "executions"}
        for one in merged.values()
    ]


def _sort_of_failure(failure: Part) -> object:
    """As `Found.sort`: kind, type and place."""
    place = "" if failure["kind"] == "livelock" else failure["location"]
    return failure["kind"], failure["type"], place


def _lines_of_race(race: Part) -> object:
    return frozenset((access["file"], access["line"]) for access in race["accesses"])
