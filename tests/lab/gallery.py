"""The broken primitives of ``tests/races``, as their docstrings describe them.

A docstring is a line of what is wrong, then fields ``Name: text``: ``Law`` and ``Failure`` (its
class), if it is about order ``Shown by`` (a property, and the shortest schedule that shows it
there), ``In production`` and ``Mend``.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from threadlab.schedule import Schedule

FOLDER = Path(__file__).parents[1] / "races"
SOUND = FOLDER / "_sound.py"
_FIELD = re.compile(r"^([A-Z][a-z ]+): (.*(?:\n(?![A-Z][a-z ]+: ).+)*)", re.MULTILINE)


@dataclass(frozen=True)
class Race:
    """``token`` is the schedule that shows it in the property ``shown_by``, if it needs one."""

    path: Path
    fault: str
    law: str
    failure: str
    in_production: str
    mend: str
    shown_by: str | None = None
    token: str | None = None

    @property
    def name(self) -> str:
        return self.path.stem


def read(path: Path) -> Race:
    """Raises `ValueError` if the docstring of ``path`` is not of the form."""
    fault, _, rest = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n\n")
    fields = dict(_FIELD.findall(rest))
    try:
        shown_by, _, token = fields.pop("Shown by", "").partition(" --schedule=")
        race = Race(
            path,
            fault,
            fields.pop("Law"),
            fields.pop("Failure"),
            fields.pop("In production"),
            fields.pop("Mend"),
            shown_by or None,
            token or None,
        )
        if fields or bool(shown_by) != bool(token):
            raise ValueError(f"fields {sorted(fields)}, shown by {shown_by!r}")
        if token:
            Schedule.parse(token)
    except (KeyError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from None
    return race


def races() -> list[Race]:
    return [read(path) for path in sorted(FOLDER.glob("*.py")) if not path.name.startswith("_")]


def correct() -> list[Path]:
    """The implementations that break no law: of other builds, and what races are built on."""
    return [SOUND, *sorted((FOLDER / "correct").glob("[!_]*.py"))]
