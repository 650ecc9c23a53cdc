"""One execution as data: what each thread did, step by step, and what it waited for.

Plain and complete, so that each form of a report is a function of it alone, and the same execution
gives the same report, byte for byte: threads, places and locations are numbers and names in the
order in which they came, never ids or addresses.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal[
    "step",  # is about to do what stands at `place`; or has done it, and `what` came of it
    "read",  # has read the location `what`, which was `value`
    "write",  # has written the location `what`, which is `value` now
    "acquire",  # has got the lock `what`
    "release",  # has let it go
    "wait",  # is blocked: on `what`, at most until `value`, if that is not empty; `other` is the
    # thread that it waits for, or -1
    "wake",  # can run again: `other` has seen to it, or, if that is -1, its time is up
    "start",  # has started the thread `other`
    "end",  # has ended
    "held",  # could go on, but the schedule has `other` run, or, if that is -1, time pass
    "fail",  # raises `what`, and nobody handles it, at a line whose locals are `value`; or is left
    # when all has ended in `what`
]


class Place(NamedTuple):
    """A line of the code under test. ``file`` is relative to the present folder if it is in it."""

    file: str
    line: int


class Event(NamedTuple):
    """``thread``, a number, did what ``kind`` says, after ``step`` steps, ``time`` seconds in.

    ``step`` counts over all threads, as schedules do; ``time`` is that of the virtual clock.
    ``place`` is an index of `Timeline.places`, or -1. The value of a variable is empty if it cannot
    be known without running code of its own. A thread runs from any event of its own to the
    next of another thread's, except that ``wake`` and ``held`` happen to it while another, or
    nobody, runs.
    """

    kind: Kind
    thread: int
    step: int
    time: float
    place: int = -1
    what: str = ""
    value: str = ""
    other: int = -1


class RacingEvents(NamedTuple):
    """Two accesses that nothing orders, as indices of `Timeline.events`."""

    location: str
    first: int
    second: int


class Loop(NamedTuple):
    """The events from ``first`` to ``last``, indices of `Timeline.events`, are a round of a loop in
    which nothing changes, as are those before them; they stand for so many rounds."""

    first: int
    last: int
    times: int


@dataclass(frozen=True)
class Timeline:
    """``omitted`` events came before the first; where others were left out, there is one of
    ``loops``. ``sources`` has the lines of each file.

    ``decisions`` has the first event after each decision on who goes on. ``paths`` says for each
    thread which one it is, in every execution: its parent's path, and which child of that.
    ``decides`` are the threads and lines that an explanation names.
    """

    threads: tuple[str, ...]
    places: tuple[Place, ...]
    events: tuple[Event, ...]
    races: tuple[RacingEvents, ...]
    sources: dict[str, tuple[str, ...]]
    omitted: int = 0
    decisions: tuple[int, ...] = ()
    paths: tuple[tuple[int, ...], ...] = ()
    loops: tuple[Loop, ...] = ()
    decides: frozenset[tuple[int, Place]] = frozenset()

    def text(self, place: int) -> str:
        """The source at a place, without what surrounds it; empty if it is not known."""
        if place < 0:
            return ""
        file, line = self.places[place]
        lines = self.sources.get(file, ())
        return lines[line - 1].strip() if line <= len(lines) else ""


@dataclass(frozen=True)
class Report:
    """An execution that failed, and what a person is told of it.

    ``failure`` is a line. ``law`` is its number and text, ``example`` the arguments that Hypothesis
    has found, ``again`` the command that replays it, ``history`` the calls that no order explains,
    ``details`` a traceback, or where each thread is, and ``why`` when it fails; each is empty where
    there is none.
    """

    title: str
    failure: str
    schedule: str
    timeline: Timeline
    law: str = ""
    example: str = ""
    again: str = ""
    history: str = ""
    details: str = ""
    why: str = ""
