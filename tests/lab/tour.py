"""Draws the pictures of the tour of the races: ``python -m tests.lab.tour``.

Each is of the execution that ``explore`` finds, with nothing but its defaults; which races these
are, says ``tests/races/README.md``.
"""

import re
from pathlib import Path

from threadlab.reports import text
from threadlab.reports.rows import rows
from threadlab.reports.svg import picture
from threadlab.search.explore import explore

FOLDER = Path(__file__).parents[1] / "races"
README = FOLDER / "README.md"
PICTURES = FOLDER / "pictures"
ROWS = 26


def names() -> list[str]:
    """The races that are shown, in their order."""
    return re.findall(r"\(pictures/(\w+)\.svg\)", README.read_text("utf-8"))


def drawn(name: str) -> str:
    """The picture of what is found in ``scenario`` of the race."""
    (report,) = text.shown(explore(f"{FOLDER / name}.py:scenario"))
    return picture(report.timeline, rows(report.timeline, ROWS))


def main() -> None:
    for name in names():
        (PICTURES / f"{name}.svg").write_text(drawn(name), encoding="utf-8")


if __name__ == "__main__":
    main()
