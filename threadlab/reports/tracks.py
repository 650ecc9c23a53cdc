"""What holds after each row: of every thread, lock and location, when it changes and to what.

A picture draws these and a page looks them up, so that both say the same of an execution, and
neither has to play it through. A track is a list of changes in order; what holds after a row is the
last change at that row or before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

from threadlab.reports.rows import LEFT, UNSAID, Row
from threadlab.reports.timeline import Event, Kind, Timeline

Condition = Literal["able", "waits", "held", "ended", "failed"]

HAPPENS: frozenset[Kind] = frozenset({"wake", "held"})
"""What happens to a thread while another runs, or nobody."""


class State(NamedTuple):
    """From ``row`` on a thread is in ``condition``; ``what`` it waits for, or what it raised."""

    row: int
    condition: Condition
    what: str = ""


class At(NamedTuple):
    """From ``row`` on a thread is at ``place``."""

    row: int
    place: int


class Value(NamedTuple):
    """From ``row`` on a location has ``value``, as ``thread`` has written or read."""

    row: int
    value: str
    thread: int
    written: bool


Change = TypeVar("Change", State, At, Value)


class Holding(NamedTuple):
    """``thread`` got ``lock`` in the row ``first`` and let it go in ``last``; ``None``: never."""

    lock: str
    thread: int
    first: int
    last: int | None


class Arrow(NamedTuple):
    """In ``row``, ``source`` starts or wakes ``target``; -1 is the time, which has come."""

    row: int
    source: int
    target: int


@dataclass(frozen=True)
class Tracks:
    """``row_of`` has the row of each event; ``runner`` the thread that runs in each row, or -1."""

    row_of: list[int]
    runner: list[int]
    states: list[list[State]]
    places: list[list[At]]
    values: dict[str, list[Value]]
    holdings: list[Holding]
    arrows: list[Arrow]

    @property
    def locks(self) -> list[str]:
        """In the order in which they are taken."""
        return list(dict.fromkeys(holding.lock for holding in self.holdings))


def tracks(timeline: Timeline, rows: Sequence[Row]) -> Tracks:
    """Those of an execution, of which ``rows`` are shown."""
    events = timeline.events
    row_of = _row_of(len(events), rows)
    states: list[list[State]] = [[] for _ in timeline.threads]
    places: list[list[At]] = [[] for _ in timeline.threads]
    values: dict[str, list[Value]] = {}
    holdings: list[Holding] = []
    held: dict[tuple[str, int], list[int]] = {}
    arrows: list[Arrow] = []
    for thread in _from_the_beginning(timeline):
        states[thread].append(State(0, "able"))
    waits: dict[int, str] = {}
    for row, event in zip(row_of, events, strict=True):
        thread = event.thread
        if not (
            event.kind == "end" and states[thread] and states[thread][-1].condition == "failed"
        ):
            _set(states[thread], _state(row, event, states[thread]))
        if event.place >= 0:
            _set(places[thread], At(row, event.place))
        if event.kind in ("read", "write"):
            known = values.setdefault(event.what, [])
            written = event.kind == "write"
            if written or not known or known[-1].value != event.value:
                _set(known, Value(row, event.value, thread, written))
        elif event.kind == "acquire":
            held.setdefault((event.what, thread), []).append(row)
        elif event.kind == "release":
            got = held.get((event.what, thread))
            # Before what was omitted, if there is none; and of an RLock, the outermost counts.
            first = got.pop() if got else 0
            if not got:
                holdings.append(Holding(event.what, thread, first, row))
        elif event.kind == "wait":
            waits[thread] = event.what
        elif event.kind == "wake":
            if not (event.other >= 0 and waits.get(thread, "").endswith(UNSAID)):
                arrows.append(Arrow(row, event.other, thread))
        elif event.kind == "start":
            arrows.append(Arrow(row, thread, event.other))
            _set(states[event.other], State(row, "able"))
    for (lock, thread), got in held.items():
        if got:
            holdings.append(Holding(lock, thread, got[0], None))
    holdings.sort(key=lambda holding: (holding.first, holding.lock, holding.thread))
    runner = [_runner(row, events[row.first : row.last + 1]) for row in rows]
    return Tracks(row_of, runner, states, places, values, holdings, arrows)


def _row_of(events: int, rows: Sequence[Row]) -> list[int]:
    """The row of each event: the last that begins at it or before, so that none is without."""
    found, row = [], 0
    for event in range(events):
        while row + 1 < len(rows) and rows[row + 1].first <= event:
            row += 1
        found.append(row)
    return found


def _runner(row: Row, events: Sequence[Event]) -> int:
    if row.mark == "fold":
        return -1
    if any(event.thread == row.thread and _acts(event) for event in events):
        return row.thread
    return next((event.other for event in events if event.kind == "wake"), -1)


def _acts(event: Event) -> bool:
    return event.kind not in HAPPENS and not (event.kind == "fail" and event.what in LEFT)


def _from_the_beginning(timeline: Timeline) -> list[int]:
    """The threads that nobody is seen to start."""
    started = {event.other for event in timeline.events if event.kind == "start"}
    return sorted({event.thread for event in timeline.events} - started)


def _state(row: int, event: Event, before: Sequence[State]) -> State:
    match event.kind:
        case "wait":
            until = f", until {event.value}" * bool(event.value)
            return State(row, "waits", event.what + until)
        case "held":
            return State(row, "held")
        case "end":
            return State(row, "ended")
        case "fail":
            waits = before[-1].what if before and before[-1].condition == "waits" else ""
            return State(row, "failed", f"{event.what}: waits for {waits}" if waits else event.what)
        case _:
            return State(row, "able")


def _set(track: list[Change], change: Change) -> None:
    """Add to a track what differs from what holds; one change a row, the last."""
    if track and track[-1][1:] == change[1:]:
        return
    if track and track[-1].row == change.row:
        track.pop()
    track.append(change)
