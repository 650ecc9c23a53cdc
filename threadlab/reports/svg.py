"""An execution as a picture: a lane a thread, time flows down, a row for what is done at one line.

A lane's line is thick while its thread runs, thin while it could, dashed while the schedule holds
it up, and dotted while it waits. Bands beside it are the locks that it holds. Arrows start threads
and wake them. What races is joined. No colour says what a form does not say, too: it may be
printed, or seen by somebody who does not see all colours.

Only one thread acts in a row, so its code may run on over the lanes to the right of its own. Where
there are too many lanes for that, all code stands right of them.

It is drawn in parts one below the other, so that a browser needs not draw the rows that nobody
looks at, and a printer can turn the page between two.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from threadlab.reports.rows import Row
from threadlab.reports.timeline import Timeline
from threadlab.reports.tracks import Arrow, Condition, Holding, Tracks, tracks

STYLE = Path(__file__).with_name("picture.css").read_text(encoding="utf-8")

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
COLOURS, BANDS = 8, 6
MOST = 10
"""Locks, and races, that are named below."""

_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Drawing:
    """``tops`` are where the rows begin, and, last, where the last ends; ``lanes``, their lines.

    ``head``, ``parts`` and ``foot`` are SVG elements, to be put one below the other.
    """

    width: int
    head: str
    parts: tuple[str, ...]
    foot: str
    tops: tuple[int, ...]
    lanes: tuple[int, ...]


def picture(timeline: Timeline, rows: Sequence[Row]) -> str:
    """A file that stands alone."""
    painter = _Painter(timeline, rows, tracks(timeline, rows), titles=True)
    top, end = painter.tops[0], painter.tops[-1]
    head, foot = painter.head_height, painter.foot_height
    threads = text(", ".join(timeline.threads))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img" '
        f'width="{painter.width}" height="{head + end - top + foot}" '
        f'viewBox="0 {top - head} {painter.width} {head + end - top + foot}">\n'
        f"<title>An execution of {threads}</title>\n<style>\n{STYLE}</style>\n"
        f'<rect class="paper" y="{top - head}" width="100%" height="100%" fill="var(--back)"/>\n'
        f'<g transform="translate(0 {top - head})">\n{painter.head()}</g>\n'
        f"{painter.part(0, len(rows))}"
        f'<g transform="translate(0 {end})">\n{painter.foot()}</g>\n</svg>\n'
    )


def draw(timeline: Timeline, rows: Sequence[Row], found: Tracks) -> Drawing:
    """The same in parts, for a page, which has the style and the titles."""
    painter = _Painter(timeline, rows, found, titles=False)
    tops = painter.tops

    def part(top: int, height: int, inside: str) -> str:
        return (
            f'<svg class="drawing" role="presentation" width="{painter.width}" height="{height}" '
            f'viewBox="0 {top} {painter.width} {height}">\n{inside}</svg>'
        )

    parts = tuple(
        part(tops[n], tops[end] - tops[n], painter.part(n, end))
        for n, end in _pieces(len(rows), max(16, len(rows) // 200))
    )
    return Drawing(
        painter.width,
        part(0, painter.head_height, painter.head()),
        parts,
        part(0, painter.foot_height, painter.foot()),
        tuple(tops),
        tuple(painter.lines),
    )


def text(anything: str) -> str:
    """Any text as that of an element or attribute."""
    return escape(clean(anything), {'"': "&quot;"})


def clean(anything: str) -> str:
    """What can be in a file, and in XML."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", anything)


def clock(seconds: float) -> str:
    """A virtual time for a person."""
    return f"{round(seconds, 6):,.6f}".rstrip("0").rstrip(".") + " s"


def clipped(anything: str, most: int) -> str:
    """At most so many columns of it, with an ellipsis for the rest."""
    kept = columns = 0
    for n, character in enumerate(anything):
        if columns < most:
            kept = n
        columns += 1 + (unicodedata.east_asian_width(character) in "WF")
        if columns > most:
            return anything[:kept].rstrip() + "…"
    return anything


def _pieces(count: int, size: int) -> Iterator[tuple[int, int]]:
    for n in range(0, count, size):
        yield n, min(n + size, count)


class _Segment(NamedTuple):
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


class _Painter:
    """Knows where everything is."""

    def __init__(
        self, timeline: Timeline, rows: Sequence[Row], found: Tracks, titles: bool
    ) -> None:
        self.timeline, self.rows, self.tracks = timeline, rows, found
        self.locks, self.titles = found.locks, titles
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
        self.foot_height = 16 + 18 * len(self._legend_lines())

    def _middle(self, row: int) -> int:
        """Where the line of code of a row is."""
        return self.tops[row] + 3 + LINE // 2

    def _at(self, thread: int) -> int:
        return self.lines[thread]

    def _segments(self, thread: int) -> list["_Segment"]:
        """What its line is drawn as. What came of a row is drawn from the next row on."""
        states = self.tracks.states[thread]
        own = {n for n, runner in enumerate(self.tracks.runner) if runner == thread}
        cuts = {state.row + 1 for state in states} | own | {n + 1 for n in own}
        segments: list[_Segment] = []
        past = 0
        for first, end in pairwise(sorted({*cuts, len(self.rows)})):
            while past < len(states) and states[past].row < first:
                past += 1
            form = "run" if first in own else _FORMS[states[past - 1].condition] if past else ""
            if form:
                segments.append(_Segment(first, end, form))
        return segments

    # What

    def head(self) -> str:
        bottom = self.head_height
        out = [
            f'<g class="side"><text x="58" y="{bottom - 12}">time</text>'
            f'<text x="98" y="{bottom - 12}">step</text></g>'
        ]
        for n, name in enumerate(self.timeline.threads):
            own = f"name t{n % COLOURS}"
            if self.narrow:
                shown = text(clipped(name, 20))
                at = f"translate({self._at(n) + 4} {bottom - 8}) rotate(-90)"
                own += " small" * self.small
                out.append(f'<text class="{own}" transform="{at}">{shown}</text>')
            else:
                right = self.lefts[n + 1] if n + 1 < len(self.lefts) else self.width
                room = int((right - self._at(n)) / CHARACTER)
                shown = text(clipped(name, room))
                out.append(
                    f'<text class="{own}" x="{self._at(n) - 3}" y="{bottom - 12}">{shown}</text>'
                )
        out.append(f'<path class="rule" d="M0 {bottom - 0.5}H{self.width}"/>')
        return "\n".join(out) + "\n"

    def part(self, first: int, end: int) -> str:
        """The rows from ``first`` to before ``end``."""
        out = [
            *self._backs(first, end),
            *self._bands(first, end),
            *self._lane_lines(first, end),
            *self._folds(first, end),
            *self._arrows(first, end),
            *self._races(first, end),
            *self._side(first, end),
            *self._code(first, end),
            *self._signs(first, end),
        ]
        return "\n".join(out) + "\n"

    def _backs(self, first: int, end: int) -> Iterator[str]:
        wide = self.width - LANES
        backs: dict[str, str] = {}
        for n in range(first, end):
            if (mark := self.rows[n].mark) in _SIGNS:
                top, height = self.tops[n], self.tops[n + 1] - self.tops[n]
                box = f"M{LANES - 6} {top}h{wide}v{height}h-{wide}z"
                backs[mark] = backs.get(mark, "") + box
        for kind, boxes in backs.items():
            yield f'<path class="back-{kind}" d="{boxes}"/>'

    def _bands(self, first: int, end: int) -> Iterator[str]:
        for holding, slot in self.slots.items():
            last = len(self.rows) - 1 if holding.last is None else holding.last
            if last < first or holding.first >= end:
                continue
            top = self._middle(holding.first) - 6
            bottom = self.tops[-1] if holding.last is None else self._middle(last) + 6
            # A part draws as little of it as is seen of it, so that it need not be clipped.
            top, bottom = max(top, self.tops[first] - 1), min(bottom, self.tops[end] + 1)
            left = self._at(holding.thread) - self.gap - (slot + 1) * self.band
            number = self.locks.index(holding.lock)
            who = self.timeline.threads[holding.thread]
            yield (
                f'<rect class="band k{number % BANDS}" x="{left}" y="{top}" width="{self.band}" '
                f'height="{bottom - top}" rx="2">'
                + f"<title>{text(f'{who} holds {holding.lock}')}</title>" * self.titles
                + "</rect>"
            )
            named = holding.first
            while named < last and self.rows[named].mark == "fold":
                named += 1
            if self.band >= BAND and first <= named < end:
                y = top + 9 if named == holding.first else self.tops[named] + 11
                x = left + self.band / 2
                yield f'<text class="letter" x="{x:g}" y="{y}">{_letter(number)}</text>'

    def _lane_lines(self, first: int, end: int) -> Iterator[str]:
        lines: dict[str, str] = {}
        for thread, segments in enumerate(self.segments):
            begin = bisect_right(segments, first, key=attrgetter("end"))
            for segment in segments[begin:]:
                if segment.first >= end:
                    break
                own = f"{segment.form} t{thread % COLOURS}"
                top = self.tops[max(segment.first, first)]
                height = self.tops[min(segment.end, end)] - top
                lines[own] = lines.get(own, "") + f"M{self._at(thread)} {top}v{height}"
        for own, line in lines.items():
            yield f'<path class="{own}" d="{line}"/>'

    def _folds(self, first: int, end: int) -> Iterator[str]:
        """What is left out covers the lanes."""
        wide = self.width - LANES
        folds = "".join(
            f"M{LANES - 6} {self.tops[n] + 2}h{wide}v{self.tops[n + 1] - self.tops[n] - 4}h-{wide}z"
            for n in range(first, end)
            if self.rows[n].mark == "fold"
        )
        if folds:
            yield f'<path class="back-fold" d="{folds}"/>'

    def _arrows(self, first: int, end: int) -> Iterator[str]:
        lines, points = "", ""
        for arrow in (arrow for n in range(first, end) for arrow in self.arrows.get(n, ())):
            y, to = self.tops[arrow.row + 1] - 4, self._at(arrow.target)
            start = to - 16 if arrow.source < 0 else self._at(arrow.source)
            side = 1 if start < to else -1
            lines += f"M{start} {y}H{to - 6 * side}"
            points += f"M{to} {y}l{-7 * side} -3.5v7z"
        if lines:
            yield f'<path class="arrow" d="{lines}"/><path class="point" d="{points}"/>'

    def _races(self, first: int, end: int) -> Iterator[str]:
        for race in self.races:
            one, other = (self.tracks.row_of[index] for index in race[1:])
            if max(one, other) < first or min(one, other) >= end:
                continue
            x1, x2 = (self._at(self.timeline.events[index].thread) for index in race[1:])
            y1, y2 = self._middle(one), self._middle(other)
            half = (y1 + y2) / 2
            yield (
                f'<path class="race-join" d="M{x1} {y1}C{x1} {half:g} {x2} {half:g} {x2} {y2}">'
                f"<title>{text(f'race on {race.location}')}</title></path>"
            )

    def _side(self, first: int, end: int) -> Iterator[str]:
        clocks, steps, ticks = "", "", ""
        for n in range(first, end):
            row, y = self.rows[n], self.tops[n] + 14
            if n == 0 or row.time != self.rows[n - 1].time:
                clocks += f'<text y="{y}">{clock(row.time)}</text>'
                ticks += f"M8 {self.tops[n]}H{self.width - MARGIN}" * (n > 0)
            if n == 0 or row.step != self.rows[n - 1].step:
                steps += f'<text y="{y}">{row.step}</text>'
        yield f'<g class="side clock" transform="translate(58)">{clocks}</g>'
        yield f'<g class="side" transform="translate(98)">{steps}</g>'
        if ticks:
            yield f'<path class="tick" d="{ticks}"/>'

    def _code(self, first: int, end: int) -> Iterator[str]:
        if self.narrow:
            lines = (self._line(n) for n in range(first, end))
            yield f'<g class="lines" transform="translate({self.code})">'
            yield from lines
            yield "</g>"
            return
        for n in range(first, end):
            row, y = self.rows[n], self.tops[n] + 14
            x = self._at(max(row.thread, 0)) + 10
            room = self.width - MARGIN - x
            if row.mark in _SIGNS:
                yield f'<g class="{row.mark}">'
            if row.text:
                yield self._text(row.text, x, y, _kind(row), int(room / CHARACTER))
                y += LINE
            for note in row.notes:
                yield self._text(note, x, y, ' class="note"', int(room / SMALL))
                y += LINE
            if row.mark in _SIGNS:
                yield "</g>"

    def _text(self, said: str, x: int, y: int, kind: str, room: int) -> str:
        shown = clipped(said, room)
        title = f"<title>{text(said)}</title>" * (self.titles and shown != said)
        return f'<text{kind} x="{x}" y="{y}">{text(shown)}{title}</text>'

    def _line(self, n: int) -> str:
        """All that a row says, in one line right of the lanes."""
        row = self.rows[n]
        room = int((self.width - MARGIN - self.code) / CHARACTER)
        who = "" if row.thread < 0 else clipped(self.timeline.threads[row.thread], 10)
        notes = "; ".join(row.notes)
        said = clipped(row.text, (room * 3 // 5 if notes else room) - len(who) - 1)
        left = int((room - len(who) - len(said) - 2) * CHARACTER / SMALL)
        whole = said != row.text or (notes and left < len(notes))
        title = "\n".join((row.text, *row.notes)) if self.titles and whole else ""
        return (
            f'<text{_kind(row)} y="{self.tops[n] + 14}">'
            + f'<tspan class="t{row.thread % COLOURS}">{text(who)}</tspan> ' * bool(who)
            + text(said)
            + f" <tspan>{text(clipped(notes, left))}</tspan>" * (left > 3 and notes != "")
            + f"<title>{text(title)}</title>" * bool(title)
            + "</text>"
        )

    def _signs(self, first: int, end: int) -> Iterator[str]:
        signs: dict[str, str] = {}
        for n in range(first, end):
            row = self.rows[n]
            if row.thread >= 0 and row.mark in _SIGNS:
                at = f"M{self._at(row.thread)} {self._middle(n)}{_SIGNS[row.mark]}"
                signs[row.mark] = signs.get(row.mark, "") + at
            for thread in self.ends.get(n, ()):
                own, y = f"end t{thread % COLOURS}", self.tops[n + 1]
                signs[own] = signs.get(own, "") + f"M{self._at(thread) - 6} {y - 3}h12v3h-12z"
        for kind, drawn in signs.items():
            yield f'<path class="sign {kind}" d="{drawn}"/>'

    # What it means

    def foot(self) -> str:
        out = [f'<path class="rule" d="M0 .5H{self.width}"/>']
        for n, line in enumerate(self._legend_lines()):
            y = 20 + 18 * n
            for x, sign, said in line:
                named = f'<text class="note" x="22">{text(said)}</text>'
                out.append(f'<g class="key" transform="translate({x} {y})">{sign}{named}</g>')
        return "\n".join(out) + "\n"

    def _legend_lines(self) -> list[list[tuple[int, str, str]]]:
        lines: list[list[tuple[int, str, str]]] = [[]]
        x = MARGIN
        for sign, said in self._legend():
            wide = 22 + round(len(said) * SMALL) + 18
            if x + wide > self.width and lines[-1]:
                lines.append([])
                x = MARGIN
            lines[-1].append((x, sign, said))
            x += wide
        return lines

    def _legend(self) -> Iterator[tuple[str, str]]:
        conditions = {state.condition for states in self.tracks.states for state in states}
        yield '<path class="run t7" d="M8 -11V2"/>', "runs"
        yield '<path class="able t7" d="M8 -11V2"/>', "could run"
        if "held" in conditions:
            sign = f'<path class="sign held" d="M8 -4{_SIGNS["held"]}"/>'
            yield sign, "held up by the schedule"
        if "waits" in conditions:
            yield '<path class="waits t7" d="M8 -11V4"/>', "waits"
        if self.arrows:
            yield (
                '<path class="arrow" d="M0 -4H10"/><path class="point" d="M16 -4l-7 -3.5v7z"/>',
                "starts, wakes",
            )
        if any(row.mark == "unseen" for row in self.rows):
            sign = f'<path class="sign unseen" d="M8 -4{_SIGNS["unseen"]}"/>'
            yield sign, "has not seen what another wrote"
        races = list(dict.fromkeys(race.location for race in self.races))
        for race in races[:MOST]:
            sign = f'<path class="sign race" d="M8 -4{_SIGNS["race"]}"/>'
            yield sign, f"race on {race}"
        if len(races) > MOST:
            yield "", f"and {len(races) - MOST} more"
        for n, lock in enumerate(self.locks[:MOST]):
            yield (
                f'<rect class="band k{n % BANDS}" x="3" y="-11" width="12" height="13" rx="2"/>'
                f'<text class="letter" x="9" y="-1">{_letter(n)}</text>',
                f"holds {lock}",
            )
        if len(self.locks) > MOST:
            yield "", f"and {len(self.locks) - MOST} more"


_SIGNS: dict[str, str] = {
    "held": "m-5 -6h4v12h-4zm6 0h4v12h-4z",  # a pause
    "race": "m0 -7l7 7l-7 7l-7 -7z",
    "unseen": "m0 -7a7 7 0 1 1 -.1 0zm0 4a3 3 0 1 0 .1 0z",  # a ring
    "fail": "m-7 -4.5l2.5 -2.5l4.5 4.5l4.5 -4.5l2.5 2.5l-4.5 4.5l4.5 4.5l-2.5 2.5l-4.5 -4.5"
    "l-4.5 4.5l-2.5 -2.5l4.5 -4.5z",
}


def _kind(row: Row) -> str:
    return f' class="{row.mark}"' if row.mark in _SIGNS or row.mark == "fold" else ""


def _letter(number: int) -> str:
    """A, B, ... Z, A1, B1, ..."""
    return chr(ord("A") + number % 26) + (str(number // 26) if number >= 26 else "")


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
