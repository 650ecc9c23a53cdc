"""The laws of a contract, read from the contract itself, so that nothing is written twice.

A law is an item ``- P2 text`` of a Markdown list; a test of it is called ``test_P2_...``.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

VERDICTS = ("held", "broken", "fixed", "known", "not offered", "not judged")
"""What can be said of a law. One is known to be broken if ``--known`` says so, and fixed if it
does and is not."""

_LAW = re.compile(r"^- ([A-Z]\d+) (.*(?:\n  .*)*)", re.MULTILINE)
_TEST = re.compile(r"test_([A-Z]\d+)_")


def read(contract: Path) -> dict[str, str]:
    """The text of each law by its number, in the order of the contract."""
    laws = _LAW.findall(contract.read_text(encoding="utf-8"))
    return {number: " ".join(text.split()) for number, text in laws}


def of_test(name: str) -> str | None:
    """The number of the law that the test called ``name`` is about, if any."""
    match = _TEST.match(name)
    return match[1] if match else None


def verdict(laws: Iterable[str], outcomes: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    """The laws by what is said of them: one of `VERDICTS`, in their order.

    ``outcomes`` are the names of tests, and whether they passed, failed, were skipped or cut off,
    or failed as is known, or did so no more. A law is broken if one of its tests failed, not judged
    if one was cut off or there was none, and not offered if all were skipped.
    """
    seen: dict[str, set[str]] = {}
    for name, outcome in outcomes:
        if law := of_test(name):
            seen.setdefault(law, set()).add(outcome)
    return {word: [law for law in laws if _word(seen.get(law, set())) == word] for word in VERDICTS}


def _word(outcomes: set[str]) -> str:
    for outcome, word in (("failed", "broken"), ("fixed", "fixed"), ("known", "known")):
        if outcome in outcomes:
            return word
    if "passed" in outcomes and "cut off" not in outcomes:
        return "held"
    return "not offered" if outcomes == {"skipped"} else "not judged"
