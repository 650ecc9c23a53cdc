"""The laws of a contract, read from the contract itself, so that nothing is written twice.

A law is an item ``- P2 text`` of a Markdown list; a test of it is called ``test_P2_...``.
"""

import re
from pathlib import Path

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
