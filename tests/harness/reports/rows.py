"""What of a timeline is shown where there is room for little: the rows of a table or picture.

A row is what one thread does at one line, with no other thread between. Rows that say why the
execution went as it did are kept, and long stretches between them folded to one.
"""

from typing import Literal, NamedTuple

from tests.harness.reports.timeline import Timeline

Mark = Literal["", "held", "race", "fail", "wake", "fold"]


class Row(NamedTuple):
    """``first`` to ``last`` are indices of the timeline's events, both among them.

    ``text`` is the source line, ``notes`` what came of it: values, waits, wake-ups, a line each.
    A row that is marked ``fold`` stands for what is left out: its text says how much, and
    ``thread`` is -1 if it was of several threads.
    """

    thread: int
    step: int
    time: float
    place: int
    text: str
    notes: tuple[str, ...]
    mark: Mark
    first: int
    last: int


def rows(timeline: Timeline, most: int | None = None) -> list[Row]:
    """All the rows, or at most about ``most``, with folds between them."""
    raise NotImplementedError
