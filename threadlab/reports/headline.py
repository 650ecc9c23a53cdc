"""What went wrong, in plain words: a sentence, and of each thread that failed what and where.

It is read by somebody who has not seen the execution yet, and may not look at any more of it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from threadlab.reports.svg import clock
from threadlab.reports.timeline import Event, Report
from threadlab.reports.tracks import Tracks

MOST = 10
"""Threads that are told, at most."""

AS_A_WHOLE = {
    "deadlock": ("Deadlock: {who} can never go on", "Deadlock: {who} can never go on"),
    "leak": ("{who} is still running at the end", "{who} are still running at the end"),
    "livelock": (
        "Livelock: {who} runs, and makes no progress",
        "Livelock: {who} run, and make no progress",
    ),
}
"""By the kind of failure, of one thread and of several."""


class Failing(NamedTuple):
    """``thread`` failed at the line ``code``, which is ``where``; ``said`` is what came of it."""

    thread: int
    code: str
    said: str
    where: str


class Headline(NamedTuple):
    sentence: str
    failing: tuple[Failing, ...]


def headline(report: Report, found: Tracks) -> Headline:
    """Of an execution of which ``found`` says what each thread was up to."""
    timeline = report.timeline
    fails = [event for event in timeline.events if event.kind == "fail"]
    failing = tuple(_failing(report, found, event) for event in fails[:MOST])
    if report.history:
        return Headline("Not linearizable: no order of the calls explains what they returned", ())
    if not fails:
        return Headline(report.failure, ())
    who = [timeline.threads[event.thread] for event in fails]
    kind = fails[0].what
    if kind in AS_A_WHOLE:
        one, several = AS_A_WHOLE[kind]
        return Headline((several if len(who) > 1 else one).format(who=_listed(who)), failing)
    return Headline(f"{who[0]} fails: {kind}", failing)


def _failing(report: Report, found: Tracks, event: Event) -> Failing:
    timeline = report.timeline
    said = event.value
    if event.what in AS_A_WHOLE and found.states[event.thread]:
        _, _, waits = found.states[event.thread][-1].what.partition(": ")
        said = waits
    where = f"step {event.step:,}, {clock(event.time)}"
    if event.place >= 0:
        place = timeline.places[event.place]
        where = f"{place.file}:{place.line}, {where}"
    return Failing(event.thread, timeline.text(event.place), said, where)


def _listed(names: Sequence[str]) -> str:
    if len(names) > MOST:
        names = [*names[: MOST - 1], f"{len(names) - MOST + 1} more"]
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
