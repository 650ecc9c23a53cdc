"""What a thread that polls does over and over is kept twice, and counted.

An execution that never ends has tens of thousands of rounds of a loop in which nothing changes.
None of them says more than the first; what led there, long before, says it all. So of rounds that
are the same but for the time, the first is kept, and the last, which stands for those between.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from threadlab.reports.timeline import Event, Loop

OFTEN = 8
"""Rounds from which on some are left out."""

LONGEST = 80
"""Events of a round."""

TRIED = 6
"""How far back a round may have begun: at one of the last so many events that are the same."""


class Run(NamedTuple):
    """From ``first`` on, ``length`` events come ``times`` times, one time after the other."""

    first: int
    length: int
    times: int


class Shorter:
    """``kept`` are the places of those of ``events`` that are kept, the last ``most`` at most;
    ``loops`` says of these which stand for others."""

    def __init__(self, events: Sequence[Event], most: int) -> None:
        self._events = events
        kept, loops = _without(events)
        cut = max(len(kept) - most, 0)
        self.kept = kept[cut:]
        self.loops = tuple(
            Loop(first - cut, last - cut, times) for first, last, times in loops if first >= cut
        )
        self._loops = {loop.first: loop for loop in self.loops}

    def begin(self, event: int) -> int:
        """The first of those kept from ``event`` on."""
        place = self.place(event)
        return bisect_left(self.kept, event) if place is None else place

    def place(self, event: int) -> int | None:
        """Among those kept, of ``event``, or of what stands for it; none if it was omitted."""
        at = bisect_left(self.kept, event)
        if event < 0 or at == len(self.kept) or (not at and self.kept[0] > event):
            return None
        if self.kept[at] == event:
            return at
        loop = self._loops.get(at)
        if loop is None:
            return None
        return at + (event - self.kept[at]) % (loop.last - loop.first + 1)


def _without(events: Sequence[Event]) -> tuple[list[int], list[Loop]]:
    """Which of ``events`` are kept; and which of those stand for how many rounds."""
    kept = list(range(len(events)))
    loops: dict[int, Loop] = {}
    keys: list[Hashable] = [_key(event) for event in events]
    for _ in range(2):  # two threads that spin in turn make a round of rounds
        found = list(_runs(keys))
        places = _places(len(keys), found)
        new = {old: index for index, old in enumerate(places)}
        moved = [
            Loop(new[loop.first], new[loop.last], loop.times)
            for loop in loops.values()
            if loop.first in new
        ]
        loops = {loop.first: loop for loop in moved}
        for first, length, times in found:
            begin = new[first + (times - 1) * length]
            for inner in range(begin, begin + length):
                loops.pop(inner, None)
            loops[begin] = Loop(begin, begin + length - 1, times - 1)
        kept = [kept[index] for index in places]
        keys = [
            (keys[index], loops[at].last - at) if at in loops else keys[index]
            for at, index in enumerate(places)
        ]
    return kept, sorted(loops.values())


def _key(event: Event) -> Hashable:
    value = "" if event.kind == "wait" else event.value  # until when it waits
    return event.kind, event.thread, event.place, event.what, value, event.other


def _runs(keys: Sequence[Hashable]) -> Iterator[Run]:
    """Those with so many rounds that some can be left out, in order, none within another."""
    before: dict[Hashable, list[int]] = {}
    at, end = 0, len(keys)
    while at < end:
        known = before.setdefault(keys[at], [])
        for first in reversed(known[-TRIED:]):
            length = at - first
            if length > LONGEST:
                break
            last = at
            while last < end and keys[last] == keys[last - length]:
                last += 1
            times = (last - first) // length
            if times >= OFTEN:
                yield Run(first, length, times)
                at = first + times * length - 1
                before = {}
                break
        else:
            known.append(at)
        at += 1


def _places(count: int, runs: Sequence[Run]) -> list[int]:
    """What is kept of so many."""
    places: list[int] = []
    at = 0
    for first, length, times in runs:
        places += range(at, first + length)
        at = first + (times - 1) * length
    return [*places, *range(at, count)]
