"""The executions for Perfetto and chrome://tracing: JSON in the Trace Event Format.

The virtual clock stands still for most steps, so that on its axis they would lie upon each other.
Here a step is a millisecond, which its events share: what a schedule does at step 37 is to be seen
at 37 ms. The virtual time is a counter, and among the arguments of each slice.

An event lasts until the next one. The track of a thread has a slice for each stretch in which it
runs, in it the source lines, in these what a line reads, writes, acquires; and between stretches
what it waits for. The holds of a lock do not nest with these: each lock has a track of its own.

Perfetto reads the format in its own way, and what it shows depends on it:

- It names a thread by its number alone: numbers are unique over all processes.
- A flow binds to what began last on its track, be it an instant, be it over. So a flow stands in
  the middle of the slice of its event; and what may befall a running thread, a race or a failure,
  is an instant of the process.
- For long it looked for ``ts`` with a reader that knew few escapes: ``ts`` is before all text.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import count, groupby, pairwise
from typing import Any, NamedTuple

from threadlab.reports.timeline import Event, Report, Timeline

STEP = 1000
"""Microseconds, which the format counts in, to a step."""

Json = dict[str, Any]


class Slice(NamedTuple):
    """From event ``first`` to event ``end``, on the track of a thread or of a lock."""

    track: int | str
    first: int
    end: int
    name: str
    category: str
    more: Json = {}  # noqa: RUF012  # of a named tuple, and nobody changes it


class Flow(NamedTuple):
    """An arrow from event ``first`` to event ``second``, on the tracks of their threads."""

    kind: str
    first: int
    second: int


def trace(reports: Sequence[Report]) -> str:
    """The text of a trace, all ASCII, in which each report is a process."""
    numbers = count(1)
    events = [event for report in reports for event in _process(report, numbers)]
    # Of slices that begin together the outer comes first, and stays so.
    events.sort(key=lambda event: event.get("ts", -1))
    lines = ",\n".join(map(_dump, events))
    other = _dump({"reports": [_about(report) for report in reports]})
    return f'{{"displayTimeUnit":"ms","traceEvents":[\n{lines}\n],"otherData":{other}}}\n'


def _process(report: Report, numbers: Iterator[int]) -> Iterator[Json]:
    timeline = report.timeline
    events = timeline.events
    times = _times(events)
    pid = next(numbers)

    def event(ph: str, ts: int, tid: int, name: str, **more: object) -> Json:
        return {"ph": ph, "ts": ts, "pid": pid, "tid": tid, **more, "name": name}

    def meta(tid: int, what: str, /, **args: object) -> Json:
        return {"ph": "M", "pid": pid, "tid": tid, "name": what, "args": args}

    yield meta(pid, "process_name", name=report.title)
    yield meta(pid, "process_labels", labels=report.failure)
    yield meta(pid, "process_sort_index", sort_index=pid)
    tracks: dict[int | str, int] = {}
    locks = dict.fromkeys(what for kind, *_, what, _, _ in events if kind in ("acquire", "release"))
    for track in (*range(len(timeline.threads)), *locks):
        tracks[track] = tid = next(numbers)
        name = timeline.threads[track] if isinstance(track, int) else f"lock {track}"
        yield meta(tid, "thread_name", name=name)
        yield meta(tid, "thread_sort_index", sort_index=tid)

    slices = list(_slices(timeline))
    for track, first, end, name, category, more in slices:
        ts = times[first]
        args = _args(timeline, events[first]) | more
        yield event("X", ts, tracks[track], name, dur=times[end] - ts, cat=category, args=args)

    middles = [sum(pair) // 2 for pair in pairwise(times)]
    for kind, first, second in _flows(timeline, {begun.first for begun in slices}):
        number = next(numbers)
        ends: tuple[tuple[str, int, Json], ...] = (("s", first, {}), ("f", second, {"bp": "e"}))
        for ph, index, more in ends:
            tid = tracks[events[index].thread]
            yield event(ph, middles[index], tid, kind, cat=kind, id=number, **more)

    time = None
    for middle, start, this in zip(middles, times, events, strict=False):
        if this.time != time:
            # Perfetto counts from the first event on: that is at step 0, if none is omitted.
            start = 0 if time is None and not timeline.omitted else start
            time = this.time
            yield event("C", start, pid, "virtual time", args={"seconds": time})
        args = _args(timeline, this)
        if this.kind == "held":
            name = f"held for {_other(timeline, this)}"
            yield event("i", middle, tracks[this.thread], name, s="t", cat="held", args=args)
        elif this.kind == "fail":
            name = f"{timeline.threads[this.thread]}: {this.what}"
            yield event("i", middle, pid, name, s="p", cat="fail", args=args)
    for location, first, second in timeline.races:
        args = {
            which: {"thread": timeline.threads[access.thread]} | _args(timeline, access)
            for which, access in (("first", events[first]), ("second", events[second]))
        }
        middle = middles[max(first, second)]
        yield event("i", middle, pid, f"race: {location}", s="p", cat="race", args=args)
    args = _about(report)
    yield event("i", times[-1], pid, report.failure, s="p", cat="fail", args=args)


def _times(events: Sequence[Event]) -> list[int]:
    """When each event begins, and the last ends. Between any two there is a middle."""
    times: list[int] = []
    step, soonest = -1, 0
    for step, same in groupby(events, key=lambda event: event.step):
        total = len(list(same))
        for index in range(total):
            times.append(max(step * STEP + STEP * index // total, soonest))
            soonest = times[-1] + 2
    return [*times, max((step + 1) * STEP, soonest)]


def _slices(timeline: Timeline) -> Iterator[Slice]:
    events = timeline.events
    for run, end in _runs(events):
        thread = events[run[0]].thread
        yield Slice(thread, run[0], end, "runs", "run")
        placed = [index for index in run if events[index].place >= 0]
        lines = [next(same) for _, same in groupby(placed, key=lambda index: events[index].place)]
        for first, last in pairwise([*lines, end]):
            place = events[first].place
            text = timeline.text(place) or _at(timeline, place)
            yield Slice(thread, first, last, text, "line")
        for first, last in pairwise([*run, end]):
            if (kind := events[first].kind) != "step":
                yield Slice(thread, first, last, _name(timeline, events[first]), kind)
    yield from _waits(timeline)
    yield from _holds(timeline)


def _runs(events: Sequence[Event]) -> Iterator[tuple[list[int], int]]:
    """What each thread does while no other runs, and the event that ends it."""
    run: list[int] = []
    for index, (kind, thread, *_) in enumerate(events):
        running = bool(run) and events[run[0]].thread == thread
        if kind == "wake" or (kind in ("held", "fail") and not running):
            continue
        if run and (not running or kind in ("held", "wait")):
            yield run, index
            run = []
        if kind not in ("held", "wait"):
            run.append(index)
    if run:
        yield run, len(events)


def _waits(timeline: Timeline) -> Iterator[Slice]:
    events = timeline.events
    waits: dict[int, int] = {}
    for index, event in enumerate(events):
        woken = event.kind == "wake"
        if event.kind != "fail" and event.thread in waits:
            first = waits.pop(event.thread)
            by = {"woken by": _other(timeline, event)} if woken else {}
            name = f"waits for {events[first].what}"
            yield Slice(event.thread, first, index + woken, name, "wait", by)
        if event.kind == "wait":
            waits[event.thread] = index
    for thread, first in waits.items():
        name = f"waits for {events[first].what}"
        yield Slice(thread, first, len(events), name, "wait", {"woken by": "nobody"})


def _holds(timeline: Timeline) -> Iterator[Slice]:
    """A slice for as long as the same threads have the lock. One may have it several times, several
    may have it, as it may be a semaphore, and it may be released by one that does not have it."""
    holders: dict[str, list[int]] = {}
    since: dict[str, int] = {}

    def names(lock: str) -> str:
        return ", ".join(timeline.threads[thread] for thread in dict.fromkeys(holders[lock]))

    for index, (kind, thread, *_, lock, _, _) in enumerate(timeline.events):
        if kind not in ("acquire", "release"):
            continue
        held = holders.setdefault(lock, [])
        before = names(lock)
        if kind == "acquire":
            held.append(thread)
        elif held:
            held.remove(thread if thread in held else held[0])
        if names(lock) != before:
            if before:
                yield Slice(lock, since[lock], index, before, "lock")
            since[lock] = index
    for lock in holders:
        if names(lock):
            yield Slice(lock, since[lock], len(timeline.events), names(lock), "lock")


def _flows(timeline: Timeline, begun: set[int]) -> Iterator[Flow]:
    """From who wakes, starts, releases to who is woken, runs, acquires; between racing accesses.

    ``begun`` are the events with which a slice begins, to which a flow can bind.
    """
    last: dict[int, int] = {}
    waiting: set[int] = set()
    due: dict[int, Flow] = {}
    released: dict[str, int] = {}
    for index, (kind, thread, *_, what, _, other) in enumerate(timeline.events):
        if kind == "wake" and other in last:
            flow = Flow("wake", last[other], index)
            if thread in waiting:
                yield flow
            else:
                due[thread] = flow
        if kind in ("wake", "held"):
            waiting.discard(thread)
        if index not in begun:
            continue
        last[thread] = index
        if thread in due:
            yield due.pop(thread)._replace(second=index)
        waiting.discard(thread)
        if kind == "wait":
            waiting.add(thread)
        elif kind == "start":
            due[other] = Flow("start", index, index)
        elif kind == "release":
            released[what] = index
        elif kind == "acquire" and what in released:
            first = released.pop(what)
            if timeline.events[first].thread != thread:
                yield Flow("lock", first, index)
    for _, first, second in timeline.races:
        yield Flow("race", min(first, second), max(first, second))


def _name(timeline: Timeline, event: Event) -> str:
    if event.kind == "start":
        return f"start {_other(timeline, event)}"
    value = f" = {event.value}" if event.kind in ("read", "write") else ""
    return f"{event.kind} {event.what}".strip() + value


def _other(timeline: Timeline, event: Event) -> str:
    return timeline.threads[event.other] if event.other >= 0 else "time"


def _at(timeline: Timeline, place: int) -> str:
    file, line = timeline.places[place]
    return f"{file}:{line}"


def _args(timeline: Timeline, event: Event) -> Json:
    args: Json = {"step": event.step, "time": event.time}
    if event.place >= 0:
        args["at"] = _at(timeline, event.place)
    if event.value:
        args["until" if event.kind == "wait" else "value"] = event.value
    return args


def _about(report: Report) -> Json:
    names = ("title", "failure", "schedule", "law", "example", "again")
    told: Json = {name: getattr(report, name) for name in names}
    return told | {"omitted events": report.timeline.omitted}


def _dump(value: Json) -> str:
    # Half a surrogate pair is taken by no reader, not even as an escape.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = text.encode(errors="replace").decode()
    return re.sub("[^ -~]", lambda found: json.dumps(found[0])[1:-1], text)
