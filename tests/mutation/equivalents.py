"""The list of mutants that make no difference, and how the survivors of a run compare with it."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_name("equivalents.toml")


class Change(NamedTuple):
    """What a mutant does, in words that outlive edits of other lines."""

    file: str
    place: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.file}, {self.place}\n  - {self.before}\n  + {self.after}"


def listed(path: Path = LIST) -> list[Change]:
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["equivalent"]
    return [
        Change(entry["file"], entry["in"], entry["before"], after)
        for entry in entries
        for after in entry["after"]
    ]


def compare(
    survivors: Iterable[Change], tried: Iterable[Change], known: Iterable[Change]
) -> dict[str, list[Change]]:
    """The changes that are not as the list says, by what is wrong with them.

    A change that can be made in two places of a definition is to be listed twice.
    """
    alive, possible, expected = Counter(survivors), Counter(tried), Counter(known)
    return {
        "survived, and not listed as equivalent": list((alive - expected).elements()),
        "listed as equivalent, and killed": list(((expected & possible) - alive).elements()),
        "listed as equivalent, and not to be made any more": list((expected - possible).elements()),
    }
