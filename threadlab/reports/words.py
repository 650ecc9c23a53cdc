"""What a thread is up to and what is marked, in words: the same in a legend, a line and a table."""

from threadlab.reports.rows import Mark
from threadlab.reports.tracks import Condition

RUNS = "runs"

CONDITIONS: dict[Condition, str] = {
    "able": "could run",
    "waits": "waits",
    "held": "preempted",
    "ended": "has ended",
    "failed": "fails",
}

MARKS: dict[Mark, str] = {
    "held": CONDITIONS["held"],
    "unseen": "has not seen what another wrote",
    "race": "races",
    "fail": CONDITIONS["failed"],
    "wake": "can go on",
}
"""Of the rows that bear one; the others go without saying."""
