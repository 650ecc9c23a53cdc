"""What of a timeline is shown where there is room for little: the rows of a table or picture.

A row is what one thread does at one line, with no other thread between. It says what came of
the line: values of what threads share, waits, wake-ups. Two notes are worth more than the rest,
because they are what a race looks like from within: a value that is *the same again* after others
have changed it meanwhile, and a write *over* one that its thread has not seen.

Rows that say why the execution went as it did are kept, and what is between them is folded: first
where the schedule held a thread up, what raced, and what failed; then what was shared and changed,
waits and wake-ups; then all else. What is near to the first counts for more than it would far off.
"""

import bisect
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Literal, NamedTuple

from threadlab.reports.naming import CALLS
from threadlab.reports.timeline import Event, Loop, Timeline

Mark = Literal["", "held", "race", "fail", "unseen", "wake", "fold"]


class Row(NamedTuple):
    """``first`` to ``last`` are indices of the timeline's events, both among them.

    ``text`` is the source line, ``notes`` what came of it: values, waits, wake-ups, a line each.
    It is marked ``unseen`` if its thread has not seen what another has written meanwhile.
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
    """All the rows, or at most ``most``, with folds between them."""
    return folding(timeline)(most)


def rows_by_decision(timeline: Timeline) -> list[list[Row]]:
    """What was done after each decision on who goes on, until the next."""
    decisions = timeline.decisions
    done: list[list[Row]] = [[] for _ in decisions]
    for row, _weight in _Notes(timeline).rows(frozenset(decisions)):
        done[max(bisect.bisect(decisions, row.first) - 1, 0)].append(row)
    return done


def folding(timeline: Timeline) -> Callable[[int | None], list[Row]]:
    """`rows` of ``timeline``, for several numbers of them: what is dear is done once."""
    whole = _with_decisive(timeline, _Notes(timeline).rows())
    ranked = _ranked(whole)

    def fold(most: int | None) -> list[Row]:
        if most is None or len(whole) <= most:
            return [row for row, _weight in whole]
        for count in range(most, 1, -1):
            shown = _with_folds(whole, sorted(ranked[:count]))
            if len(shown) <= most:
                return shown
        return _with_folds(whole, ranked[:1])

    return fold


Weighed = tuple[Row, int]
CAUSE, CHANGE, EVENT, LOOK, REST = range(5)
"""How much a row weighs, the first the most."""

UNSEEN = re.compile(" again, after |, over .*'s ")
UNSAID = (" to begin", CALLS)
"""What a thread that starts another waits for, and the laboratory; it goes without saying."""

LEFT = frozenset({"deadlock", "leak", "livelock"})
"""What a thread fails in without doing anything."""

SPINS = 50
"""Rounds of a loop within a line from which on it says how many there were."""

DECIDES = "this decides"
"""What is said of a line that an explanation names."""

NEVER = " never return"
"""What is said of calls of an object if that is why it fails."""

WAKES = re.compile(r"(\w+)\.notify(?:_all)?\(")
"""A line that is told though it may wake nobody, and above all then."""

NEAR = {CAUSE: 30, CHANGE: 20, EVENT: 8}
"""From how many rows on it makes no difference how far a row is from what matters. Who starts,
waits, or wakes somebody counts for more than what is merely near, wherever it is."""


class _Notes:
    """Goes through the events, and keeps what each thread last knew of each location."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._shared = _shared(timeline.events)
        self._short = _shorter({event.what for event in timeline.events if _is_named(event)})
        self._raced = {index for race in timeline.races for index in race[1:]}
        fails = any(event.kind == "fail" for event in timeline.events)
        self._race = CHANGE if fails else CAUSE  # it need not be why it fails
        self._hangs = any(e.kind == "fail" and NEVER in e.what for e in timeline.events)
        self._for_good = _waits_for_good(timeline.events) if self._hangs else set()
        self._values: dict[str, list[tuple[int, str]]] = {}  # location: who wrote what
        self._seen: dict[tuple[int, str], int] = {}  # how many of these a thread knows
        self._known: dict[tuple[int, str], str] = {}  # and what it saw last
        self._waits: dict[int, str] = {}  # for what a thread waits
        self._failed: set[int] = set()
        self._notifies = _notifies(timeline)
        self._shortened: dict[str, str] = {}

    def rows(self, cuts: Collection[int] = ()) -> list[Weighed]:
        """All of them; at the events ``cuts`` a new one begins."""
        result: list[Weighed] = []
        going = -1  # the row of the running thread
        loops = {loop.first: loop for loop in self._timeline.loops}
        over = -1  # the last event of a loop
        for index, event in enumerate(self._timeline.events):
            if index in cuts:
                going = -1
            if index in loops:
                over = loops[index].last
                if going == len(result) - 1 and self._is_of(result[going][0], loops[index]):
                    row, before = result[going]
                    times = loops[index].times
                    often = [f"{times:,} times more"] if times > SPINS else []
                    result[going] = row._replace(notes=(*row.notes, *often), last=over), before
                else:
                    result.append((self._again(loops[index]), CHANGE))
                    going = -1
            if index <= over:
                continue
            if event.kind == "wake" and self._waits.get(event.thread, "").endswith(UNSAID):
                result[-1] = result[-1][0]._replace(last=index), result[-1][1]
                continue
            if event.kind == "wait" and event.what == CALLS:
                self._waits[event.thread] = CALLS
                going = -1
                if result:
                    result[-1] = result[-1][0]._replace(last=index), result[-1][1]
                continue
            notes, weight = self._note(index, event)
            mark: Mark = ""
            if event.kind == "held" or event.kind == "fail" or event.kind == "wake":
                mark = event.kind
            elif any(UNSEEN.search(note) for note in notes):
                mark = "unseen"
            if index in self._raced:
                mark, weight = "race", min(weight, self._race)
            if index in self._for_good:
                weight = CAUSE
            if mark not in ("wake", "held") and going >= 0:
                row, before = result[going]
                if row.thread == event.thread and event.place in (row.place, -1):
                    # Not to the last event, if there are rows after it.
                    last = index if going == len(result) - 1 else row.last
                    row = row._replace(notes=_merged(row.notes, notes), last=last)
                    if mark == "unseen" and row.mark:
                        mark = row.mark
                    result[going] = row._replace(mark=mark or row.mark), min(before, weight)
                    if event.kind == "wait":
                        going = -1
                    continue
            text = "" if mark == "wake" else _code(self._timeline.text(event.place))
            row = Row(
                *(event.thread, event.step, event.time, event.place, text, tuple(notes), mark),
                *(index, index),
            )
            result.append((row, weight))
            if mark != "wake":
                going = len(result) - 1
            if event.kind in ("held", "wait"):
                going = -1
        return result

    def _is_of(self, row: Row, loop: Loop) -> bool:
        """Whether all of ``loop`` is what the thread of ``row`` does at its line."""
        events = self._timeline.events[loop.first : loop.last + 1]
        return all((event.thread, event.place) == (row.thread, row.place) for event in events)

    def _again(self, loop: Loop) -> Row:
        """What stands for rounds of a loop that are left out."""
        events = self._timeline.events[loop.first : loop.last + 1]
        threads = {event.thread for event in events}
        step, time = events[0].step, events[0].time
        if loop.first:
            step = min(step, self._timeline.events[loop.first - 1].step + 1)
        text = f"... the same again, {loop.times:,} times"
        thread = events[0].thread if len(threads) == 1 else -1
        return Row(thread, step, time, -1, text, (), "fold", loop.first, loop.last)

    def _note(self, index: int, event: Event) -> tuple[list[str], int]:
        threads = self._timeline.threads
        what = self._shorten(event.what)
        other = threads[event.other] if event.other >= 0 else ""
        match event.kind:
            case "read":
                return self._look(event, what)
            case "write":
                return self._change(event, what)
            case "acquire":
                return [f"takes {what}"], LOOK
            case "release":
                return [f"lets {what} go"], LOOK
            case "wait":
                self._waits[event.thread] = what
                if what.endswith(UNSAID):
                    return [], REST
                until = f", until {event.value}" if event.value else ""
                return [f"waits for {what}{until}"], EVENT
            case "wake":
                by = f"woken by {other}" if other else "its time is up"
                without = f", still without {what}" if what else ""
                return [by + without], EVENT if other else LOOK
            case "start":
                return [f"starts {other}"], EVENT
            case "end":
                return ([] if event.thread in self._failed else ["ends"]), EVENT
            case "held":
                without = f" without {what}" if what else ""
                return [f"preempted{without}; {other or 'time'} goes on"], CAUSE
            case "fail":
                self._failed.add(event.thread)
                waits = self._waits.get(event.thread) if what in LEFT else ""
                said = f"{what}: waits for {waits}" if waits else what
                return [event.value, said] if event.value else [said], CAUSE
            case "step" if what:
                return [what], CHANGE
            case "step" if index in self._notifies:
                return ([] if self._notifies[index] else ["wakes nobody"]), EVENT
        return [], REST

    def _look(self, event: Event, what: str) -> tuple[list[str], int]:
        if event.what not in self._shared:
            return [], REST
        key = event.thread, event.what
        writes = self._values.get(event.what, [])
        new = writes[self._seen.get(key, len(writes)) :]
        before = self._known.get(key)
        self._seen[key] = len(writes)
        self._known[key] = event.value
        others = [value for thread, value in new if thread != event.thread and value != before]
        if before == event.value and others:
            between = others if len(others) < 4 else [others[0], "...", others[-1]]
            return [f"{what} is {event.value} again, after {', '.join(between)}"], CHANGE
        return [f"{what} is {event.value}" if event.value else f"reads {what}"], LOOK

    def _change(self, event: Event, what: str) -> tuple[list[str], int]:
        if event.what not in self._shared:
            return [], REST
        key = event.thread, event.what
        writes = self._values.setdefault(event.what, [])
        unseen = writes[self._seen.get(key, len(writes)) :]
        writes.append((event.thread, event.value))
        self._seen[key] = len(writes)
        self._known[key] = event.value
        note = f"{what} = {event.value}" if event.value else f"changes {what}"
        if unseen and unseen[-1][0] != event.thread and not _adds(unseen[-1][1], event.value):
            thread, value = unseen[-1]
            note += f", over {self._timeline.threads[thread]}'s {value}"
        return [note], LOOK if len(writes) == 1 else CHANGE

    def _shorten(self, text: str) -> str:
        if text not in self._shortened:
            shortened = text
            for name, shorter in self._short:
                if name in shortened:
                    shortened = re.sub(rf"\b{re.escape(name)}(?!\w)", shorter, shortened)
            self._shortened[text] = shortened
        return self._shortened[text]


def _adds(before: str, after: str) -> bool:
    """Whether a container still has what it had, as after an ``append``."""
    return before[-1:] in tuple(")]}") and after.startswith(before[:-1])


def _code(line: str) -> str:
    """A source line without the comment after it."""
    return line.partition("  # ")[0]


def _with_decisive(timeline: Timeline, whole: list[Weighed]) -> list[Weighed]:
    """With a note where a thread is, for the first time, at a line that the explanation names."""
    left = set(timeline.decides)
    result: list[Weighed] = []
    for row, weight in whole:
        key = (row.thread, timeline.places[row.place]) if row.place >= 0 else None
        if key in left and row.mark != "held":
            left.discard(key)
            row, weight = row._replace(notes=(*row.notes, DECIDES)), CAUSE
        result.append((row, weight))
    return result


def _is_named(event: Event) -> bool:
    return event.kind in ("read", "write", "acquire", "release")


def _notifies(timeline: Timeline) -> dict[int, bool]:
    """Where threads begin lines that notify who waits at a condition, and whether that wakes any.

    What is notified is the condition's if a lock of that name is held, as it has to be.
    """
    found: dict[int, bool] = {}
    begun: dict[int, tuple[int, int]] = {}  # the line at which a thread is, and since when
    held: dict[int, list[str]] = {}
    asks = [WAKES.search(timeline.text(place)) for place in range(len(timeline.places))]
    for index, event in enumerate(timeline.events):
        if event.kind == "wake":
            place, since = begun.get(event.other, (-1, -1))
            begun[event.other] = place, -1
            if since >= 0:
                found[since] = True
        elif event.kind not in ("held", "fail") and event.place >= 0:
            place, since = begun.get(event.thread, (-1, -1))
            if event.place != place:
                if since >= 0:
                    found[since] = False
                ask = asks[event.place]
                holds = ask is not None and ask[1] in held.get(event.thread, ())
                begun[event.thread] = event.place, index if holds else -1
        name = re.sub(r"^.*\.| \d+$", "", event.what)
        if event.kind == "acquire":
            held.setdefault(event.thread, []).append(name)
        elif event.kind == "release" and name in held.get(event.thread, ()):
            held[event.thread].remove(name)
    return found


def _waits_for_good(events: Sequence[Event]) -> set[int]:
    """Where threads begin to wait that nobody wakes."""
    asleep: dict[int, int] = {}
    for index, event in enumerate(events):
        if event.kind == "wait":
            asleep[event.thread] = index
        elif event.kind == "wake":
            asleep.pop(event.thread, None)
    return set(asleep.values())


def _shared(events: Iterable[Event]) -> set[str]:
    """Locations that more than one thread touches, and that are changed once they are made.

    What makes one is a write before which nobody has touched it.
    """
    threads: dict[str, set[int]] = {}
    changed: set[str] = set()
    for event in events:
        if event.kind in ("read", "write"):
            if event.kind == "write" and event.what in threads:
                changed.add(event.what)
            threads.setdefault(event.what, set()).add(event.thread)
    return {what for what in changed if len(threads[what]) > 1}


def _shorter(names: Iterable[str]) -> list[tuple[str, str]]:
    """Attributes without their class, if there is no other of that name; the longest first."""
    last: dict[str, list[str]] = {}
    for name in sorted(names):
        match = re.fullmatch(r"[\w ]+\.(\w+)", name)
        if match:
            last.setdefault(match[1], []).append(name)
    pairs = [(several[0], short) for short, several in last.items() if len(several) == 1]
    return sorted(pairs, key=lambda pair: (-len(pair[0]), pair))


def _merged(notes: Sequence[str], more: Iterable[str]) -> tuple[str, ...]:
    merged = list(notes)
    for note in more:
        told = note.split(", ")  # of the line that failed, all locals
        merged = [
            known for known in merged if not note.endswith(f": {known}") and known not in told
        ]
        looked = re.fullmatch(r"(.*) is (.*)", merged[-1]) if merged else None
        if looked and note.startswith(f"{looked[1]} = "):  # x += 1
            value = note.removeprefix(f"{looked[1]} = ")
            merged[-1] = f"{looked[1]}: {looked[2]} -> {value}"
        elif note not in merged:
            merged.append(note)
    return tuple(merged)


def _ranked(whole: list[Weighed]) -> list[int]:
    """The rows by how much they matter, the most first."""
    near = [index for index, (_row, weight) in enumerate(whole) if weight == CAUSE]
    decisive = [index for index in near if whole[index][0].mark != "fail"]

    def rank(index: int) -> tuple[bool, float, int]:
        row, weight = whole[index]
        far = min(_distance(index, decisive), 2 * _distance(index, near), NEAR.get(weight, 30))
        if row.mark in ("race", "unseen"):
            far = 0
        return weight != CAUSE, weight + far / 10, -index

    return sorted(range(len(whole)), key=rank)


def _distance(index: int, others: list[int]) -> int:
    """To the nearest of ``others``, which are in order."""
    at = bisect.bisect(others, index)
    return min((abs(index - other) for other in others[max(at - 1, 0) : at + 1]), default=1000)


def _with_folds(whole: list[Weighed], kept: list[int]) -> list[Row]:
    """The rows that are ``kept``, in order, and what stands for those between them."""
    result: list[Row] = []
    at = 0
    for index in kept:
        result += [*_fold(whole[at:index]), whole[index][0]]
        at = index + 1
    return result + _fold(whole[at:])


def _fold(gap: list[Weighed]) -> list[Row]:
    if len(gap) < 2:
        return [row for row, _weight in gap]
    first, last = gap[0][0], gap[-1][0]
    steps = last.step - first.step + 1
    threads = {row.thread for row, _weight in gap}
    of = f" of {len(threads)} threads" if len(threads) > 1 else ""
    return [
        first._replace(
            thread=-1 if of else first.thread,
            place=-1,
            text=f"... {steps:,} step{'s'[: steps != 1]}{of}",
            notes=(),
            mark="fold",
            last=last.last,
        )
    ]
