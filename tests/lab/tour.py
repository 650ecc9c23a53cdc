"""Draws the pictures of the tour of the races and of the README: ``python -m tests.lab.tour``.

Each is of the execution that ``explore`` finds, with nothing but its defaults; which races these
are, says ``tests/races/README.md``.
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.lab import documents
from threadlab.reports import text
from threadlab.reports.rows import rows
from threadlab.reports.svg import picture
from threadlab.reports.timeline import Report, Timeline
from threadlab.search.explore import explore

FOLDER = Path(__file__).parents[1] / "races"
README = FOLDER / "README.md"
PICTURES = FOLDER / "pictures"
ROWS = 26
ACCOUNT = documents.ROOT / "docs" / "pictures" / "account.svg"


def names() -> list[str]:
    """The races that are shown, in their order."""
    return re.findall(r"\(pictures/(\w+)\.svg\)", README.read_text("utf-8"))


def found(name: str) -> Timeline:
    """What is found in ``scenario`` of the race."""
    return _found(f"{FOLDER / name}.py:scenario")


def drawn_account() -> str:
    """The picture of the README's first test."""
    with TemporaryDirectory() as folder:
        documents.write_files(documents.ROOT / "README.md", Path(folder))
        return drawn(_found(f"{folder}/test_account.py:test_no_deposit_is_lost"))


def drawn(timeline: Timeline) -> str:
    return picture(timeline, rows(timeline, ROWS))


def _found(program: str) -> Timeline:
    (report,) = text.shown(explore(program))
    assert isinstance(report, Report)
    return report.timeline


def main() -> None:
    for name in names():
        (PICTURES / f"{name}.svg").write_text(drawn(found(name)), encoding="utf-8")
    ACCOUNT.write_text(drawn_account(), encoding="utf-8")


if __name__ == "__main__":
    main()
