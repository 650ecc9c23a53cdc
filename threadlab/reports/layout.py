"""Where everything of a picture is, in pixels, before anything is drawn.

Lanes get what their code needs, as far as there is room; what does not fit may run on over the
lanes to the right, since only one thread acts in a row.
"""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from threadlab.reports.rows import Row
from threadlab.reports.timeline import Timeline
from threadlab.reports.tracks import Arrow, Condition, Holding, Tracks

WIDTH = 900
LANES = 112
"""Where the lanes begin; left of them are time and step."""
MARGIN = 12
LEAST = 100
"""Pixels that a lane needs for the code to stand in it, or else right of all lanes."""
LINE = 15
CHARACTER, SMALL = 7.23, 6.63
"""The width of one, in the two sizes of letters."""
BAND = 12


class Segment(NamedTuple):
    """A lane's line has one ``form`` from the row ``first`` to before ``end``."""

    first: int
    end: int
    form: str


_FORMS: dict[Condition, str] = {
    "able": "able",
    "waits": "waits",
    "held": "held-up",
    "ended": "",
    "failed": "",
}


class Layout:
    """Where everything is: a thread's lane, a row's top, a lock's band."""

    def __init__(self, timeline: Timeline, rows: Sequence[Row], found: Tracks) -> None:
        self.timeline, self.rows, self.tracks = timeline, rows, found
        self.locks = found.locks
        self.slots = self._slots()
        self.arrows: dict[int, list[Arrow]] = {}
        for arrow in found.arrows:
            if rows[arrow.row].mark != "fold":
                self.arrows.setdefault(arrow.row, []).append(arrow)
        self.races = [
            race
            for race in timeline.races
            if not all(self._is_fold(found.row_of[index]) for index in race[1:])
        ]
        self.last_run = {runner: n for n, runner in enumerate(found.runner)}
        self.ends: dict[int, list[int]] = {}
        for thread, states in enumerate(found.states):
            for state in states:
                if state.condition == "ended":
                    # After its end it may wake those that have waited for this.
                    last = max(state.row, self.last_run.get(thread, 0))
                    self.ends.setdefault(last, []).append(thread)
        self.narrow = len(timeline.threads) * LEAST > WIDTH - LANES - MARGIN
        self.segments = [self._segments(thread) for thread in range(len(timeline.threads))]
        self._place_lanes()
        self._place_rows()

    # Where

    def _slots(self) -> dict[Holding, int]:
        """The place of each band beside its lane, of 0 to 2, from the line on outwards."""
        slots: dict[Holding, int] = {}
        before: dict[tuple[int, int], Holding] = {}
        for holding in self.tracks.holdings:
            slot = 0
            while slot < 2 and self._touch(before.get((holding.thread, slot)), holding):
                slot += 1
            slots[holding] = slot
            before[holding.thread, slot] = holding
        return slots

    def _touch(self, one: Holding | None, next_one: Holding) -> bool:
        """Whether there would be one band over the other."""
        if one is None or (one.last is not None and one.last < next_one.first):
            return False
        same = one.last == next_one.first and one.lock == next_one.lock
        return not (same or (one.last == next_one.first and self._is_fold(next_one.first)))

    def _is_fold(self, row: int) -> bool:
        return self.rows[row].mark == "fold"

    def _place_lanes(self) -> None:
        names = self.timeline.threads
        if self.narrow:
            pitch = max(9, min(28, 450 // len(names)))
            self.small = pitch < 14
            self.lefts = [LANES + n * pitch for n in range(len(names))]
            self.lines = [left + pitch - 3 for left in self.lefts]
            self.code = LANES + len(names) * pitch + 12
            self.width = max(WIDTH, self.code + 320)
            self.band, self.gap = max(3, min(BAND, (pitch - 5) // 2)), 4
            return
        self.band, self.gap, self.small = BAND, 7, False
        widest = [len(name) * CHARACTER for name in names]
        for row in self.rows:
            if row.thread >= 0:
                notes = (len(note) * SMALL for note in row.notes)
                widest[row.thread] = max(widest[row.thread], len(row.text) * CHARACTER, *notes, 0)
        beside = [0] * len(names)
        for holding, slot in self.slots.items():
            beside[holding.thread] = max(beside[holding.thread], (slot + 1) * BAND)
        needs = [wide + aside + 37 for wide, aside in zip(widest, beside, strict=True)]
        share = (WIDTH - MARGIN - LANES) / len(names)
        least = [
            min(len(name) * CHARACTER + aside + 24, share)
            for name, aside in zip(names, beside, strict=True)
        ]
        self.lefts = _lanes(LANES, WIDTH - MARGIN, needs, least)
        self.lines = [left + aside + 9 for left, aside in zip(self.lefts, beside, strict=True)]
        self.width = WIDTH

    def _place_rows(self) -> None:
        top, self.tops = 0, [0]
        for n, row in enumerate(self.rows):
            lines = 1 if self.narrow else max((row.text != "") + len(row.notes), 1)
            top += 6 + LINE * lines + (n in self.arrows and not self.narrow) * 6
            self.tops.append(top)
        names = self.timeline.threads
        longest = max((len(clipped(name, 20)) for name in names), default=0)
        wide = CHARACTER * 9 / 12 if self.small else CHARACTER
        self.head_height = round(longest * wide) + 24 if self.narrow else 34

    def middle(self, row: int) -> int:
        """Where the line of code of a row is."""
        return self.tops[row] + 3 + LINE // 2

    def at(self, thread: int) -> int:
        return self.lines[thread]

    def _segments(self, thread: int) -> list[Segment]:
        """What its line is drawn as. What came of a row is drawn from the next row on."""
        states = self.tracks.states[thread]
        own = {n for n, runner in enumerate(self.tracks.runner) if runner == thread}
        cuts = {state.row + 1 for state in states} | own | {n + 1 for n in own}
        segments: list[Segment] = []
        past = 0
        for first, end in pairwise(sorted({*cuts, len(self.rows)})):
            while past < len(states) and states[past].row < first:
                past += 1
            form = "run" if first in own else _FORMS[states[past - 1].condition] if past else ""
            if form:
                segments.append(Segment(first, end, form))
        return segments


def clipped(anything: str, most: int) -> str:
    """As many columns of it as there is room for, with an ellipsis for the rest."""
    kept = columns = 0
    for n, character in enumerate(anything):
        if columns < most:
            kept = n
        columns += 1 + (unicodedata.east_asian_width(character) in "WF")
        if columns > most:
            return anything[:kept].rstrip() + "…"
    return anything


def _lanes(left: int, right: int, needs: Sequence[float], least: Sequence[float]) -> list[int]:
    """Where lanes begin: each has what it needs, or its share, or may run on over those after."""
    widths = [0.0] * len(needs)
    room = float(right - left)
    for place, n in enumerate(sorted(range(len(needs)), key=needs.__getitem__)):
        widths[n] = min(needs[n], room / (len(needs) - place))
        room -= widths[n]
    widths = [width + room / len(needs) for width in widths]
    lefts = [left + sum(widths[:n]) for n in range(len(needs))]
    bound = float(right)
    for n in range(len(needs) - 1, -1, -1):
        bound = min(lefts[n], right - needs[n], bound - least[n])
        lefts[n] = bound = max(bound, left + sum(least[:n]))
    return [round(one) for one in lefts]
