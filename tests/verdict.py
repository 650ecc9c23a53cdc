"""What a run says of a subject: law by law, each cause once, the smallest example first.

A subject with one fault breaks many tests. What fails at one place, in the code of the subject or
else in that of the test, has one cause, and of those that a law has the smallest example is told.
A law that fails only at lines of the subject at which another does, with a smaller example, is
broken in consequence of that, as far as one can tell; so only where it is written is told.
"""

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tests.laws import VERDICTS

VERSION = 1
"""Of what `as_json` returns; it is another when something in it has another meaning."""


class Finding(NamedTuple):
    """A test that failed at ``file`` and ``line``; ``inside``: that is a line of the subject.

    ``to_show`` is file and line in the subject: that, or where what is tested is defined.
    ``again`` is the command that runs it again; ``token`` is its schedule, if it was simulated.
    """

    test: str
    world: str
    error: str
    file: str
    line: int
    inside: bool
    to_show: Sequence[Any]
    example: str
    token: str
    again: str

    @property
    def place(self) -> tuple[str, int]:
        return self.file, self.line

    @property
    def size(self) -> tuple[bool, bool, int, str]:
        """The smallest is to be told: one that replays, before it one that has an example."""
        return not self.token, not self.example, len(self.example) + len(self.token), self.test


class Cause(NamedTuple):
    """What fails at one place: the smallest of ``count``."""

    smallest: Finding
    count: int


def causes(findings: Iterable[Finding]) -> list[Cause]:
    """Of one law, the one with the smallest example first."""
    at: dict[tuple[str, int], list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: one.size):
        at.setdefault(finding.place, []).append(finding)
    return [Cause(several[0], len(several)) for several in at.values()]


def consequences(broken: Mapping[str, Sequence[Cause]]) -> dict[str, str]:
    """Of the laws that are broken only in consequence of another one: which."""
    of: dict[str, str] = {}
    own: dict[str, set[tuple[str, int]]] = {}
    for law in sorted(broken, key=lambda law: broken[law][0].smallest.size):
        places = {cause.smallest.place for cause in broken[law]}
        inside = all(cause.smallest.inside for cause in broken[law])
        first = next((other for other in own if inside and places <= own[other]), None)
        if first is None:
            own[law] = places
        else:
            of[law] = first
    return of


class Law(NamedTuple):
    """One law's part of a verdict."""

    number: str
    text: str
    verdict: str
    causes: Sequence[Cause]
    reason: str
    in_consequence_of: str | None


def laws(
    texts: Mapping[str, str],
    verdict: Mapping[str, Sequence[str]],
    findings: Mapping[str, Sequence[Finding]],
    reasons: Mapping[str, str],
) -> list[Law]:
    """All laws of the contract. ``verdict`` has the laws by what is said of them."""
    said = {number: word for word, numbers in verdict.items() for number in numbers}
    of_each = {number: causes(findings.get(number, ())) for number in texts}
    broken = {number: of_each[number] for number in verdict["broken"] if of_each[number]}
    following = consequences(broken)
    return [
        Law(
            number,
            text,
            said[number],
            of_each[number] if said[number] == "broken" else [],
            reasons.get(number, ""),
            following.get(number),
        )
        for number, text in texts.items()
    ]


def as_json(about: Mapping[str, Any], judged: Sequence[Law]) -> str:
    """As it is written to ``--verdict-json``: see docs/reference/gate.md."""
    content = {
        "version": VERSION,
        **about,
        "laws": [
            {
                "law": law.number,
                "text": law.text,
                "verdict": law.verdict,
                "in_consequence_of": law.in_consequence_of,
                "reason": law.reason or None,
                "causes": [
                    {
                        "file": cause.smallest.file,
                        "line": cause.smallest.line,
                        "in_subject": cause.smallest.inside,
                        "error": cause.smallest.error,
                        "test": cause.smallest.test,
                        "world": cause.smallest.world,
                        "example": cause.smallest.example or None,
                        "schedule": cause.smallest.token or None,
                        "again": cause.smallest.again,
                        "failures": cause.count,
                    }
                    for cause in law.causes
                ],
            }
            for law in judged
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def as_text(judged: Sequence[Law], width: int) -> list[str]:
    """Lines for a terminal: the laws by what is said of them, then what broke each."""
    lines = []
    for word in VERDICTS:
        if numbers := [law.number for law in judged if law.verdict == word]:
            head = f"{word:<12}{len(numbers):>3}  "
            lines += textwrap.wrap(
                head + " ".join(numbers), width, subsequent_indent=" " * len(head)
            )
    for law in judged:
        if law.verdict == "fixed":
            lines += ["", f"{law.number} holds, and is said to be known as broken: {law.reason}"]
        elif law.verdict == "broken" and law.in_consequence_of is None:
            lines += ["", *_entry(law, width)]
            also = [one.number for one in judged if one.in_consequence_of == law.number]
            if also:
                words = "Broken in consequence, it seems, since they fail there too: "
                lines += _indented(words + " ".join(also), width)
    return lines


def _entry(law: Law, width: int) -> list[str]:
    lines = [textwrap.shorten(f"{law.number} {law.text}", width, placeholder=" …")]
    if not law.causes:
        return lines
    first = law.causes[0].smallest
    lines += _indented(f"{first.file}:{first.line}: {first.error}", width, most=2)
    if first.example:
        lines += _indented(f"Example: {first.example}", width, most=3)
    lines += [f"    Again: {first.again}"]
    others = sum(cause.count for cause in law.causes) - 1
    if others:
        places = len(law.causes)
        where = "all there" if places == 1 else f"at {places} places"
        lines += [f"    and {others} more failure{'s'[: others != 1]}, {where}"]
    return lines


def _indented(text: str, width: int, most: int = 3) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent="    ",
        subsequent_indent="      ",
        max_lines=most,
        placeholder=" …",
    )


def annotations(judged: Sequence[Law], subject: str) -> list[str]:
    """Commands by which GitHub shows what is broken, at a line of the code under test.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    commands = []
    for law in judged:
        if law.verdict == "broken" and law.causes and law.in_consequence_of is None:
            smallest = law.causes[0].smallest
            file, line = smallest.to_show
            title = f"{subject} breaks {law.number}"
            text = "\n".join((law.text, smallest.error, f"Again: {smallest.again}"))
            place = f"file={_escaped(file, ':,')},line={line},title={_escaped(title, ':,')}"
            commands.append(f"::error {place}::{_escaped(text)}")
    return commands


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + more else c for c in text)
