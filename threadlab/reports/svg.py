"""An execution as a picture: a lane for each thread, a row for what is done at one line.

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
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from xml.sax.saxutils import escape

from threadlab.reports.layout import (
    BAND,
    CHARACTER,
    LANES,
    LINE,
    MARGIN,
    SMALL,
    Layout,
    clipped,
)
from threadlab.reports.rows import Row
from threadlab.reports.timeline import Timeline
from threadlab.reports.tracks import Tracks, tracks
from threadlab.reports.words import CONDITIONS, MARKS, RUNS

STYLE = Path(__file__).with_name("picture.css").read_text(encoding="utf-8")

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
    plan = Layout(timeline, rows, tracks(timeline, rows))
    painter = _Painter(plan, titles=True)
    top, end = plan.tops[0], plan.tops[-1]
    head, foot = plan.head_height, painter.foot_height
    threads = text(", ".join(timeline.threads))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img" '
        f'width="{plan.width}" height="{head + end - top + foot}" '
        f'viewBox="0 {top - head} {plan.width} {head + end - top + foot}">\n'
        f"<title>An execution of {threads}</title>\n<style>\n{STYLE}</style>\n"
        f'<rect class="paper" y="{top - head}" width="100%" height="100%" fill="var(--back)"/>\n'
        f'<g transform="translate(0 {top - head})">\n{painter.head()}</g>\n'
        f"{painter.part(0, len(rows))}"
        f'<g transform="translate(0 {end})">\n{painter.foot()}</g>\n</svg>\n'
    )


def draw(timeline: Timeline, rows: Sequence[Row], found: Tracks) -> Drawing:
    """The same in parts, for a page, which has the style and the titles."""
    plan = Layout(timeline, rows, found)
    painter = _Painter(plan, titles=False)
    tops = plan.tops

    def part(top: int, height: int, inside: str) -> str:
        return (
            f'<svg class="drawing" role="presentation" width="{plan.width}" height="{height}" '
            f'viewBox="0 {top} {plan.width} {height}">\n{inside}</svg>'
        )

    parts = tuple(
        part(tops[n], tops[end] - tops[n], painter.part(n, end))
        for n, end in _pieces(len(rows), max(16, len(rows) // 200))
    )
    return Drawing(
        plan.width,
        part(0, plan.head_height, painter.head()),
        parts,
        part(0, painter.foot_height, painter.foot()),
        tuple(tops),
        tuple(plan.lines),
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


def _pieces(count: int, size: int) -> Iterator[tuple[int, int]]:
    for n in range(0, count, size):
        yield n, min(n + size, count)


class _Painter:
    """Draws what is placed by ``plan``; with ``titles``, what is cut off is said in full."""

    def __init__(self, plan: Layout, titles: bool) -> None:
        self.plan = plan
        self.titles = titles
        self.foot_height = 16 + 18 * len(self._legend_lines())

    def head(self) -> str:
        bottom = self.plan.head_height
        out = [
            f'<g class="side"><text x="58" y="{bottom - 12}">time</text>'
            f'<text x="98" y="{bottom - 12}">step</text></g>'
        ]
        for n, name in enumerate(self.plan.timeline.threads):
            own = f"name t{n % COLOURS}"
            if self.plan.narrow:
                shown = text(clipped(name, 20))
                at = f"translate({self.plan.at(n) + 4} {bottom - 8}) rotate(-90)"
                own += " small" * self.plan.small
                out.append(f'<text class="{own}" transform="{at}">{shown}</text>')
            else:
                right = self.plan.lefts[n + 1] if n + 1 < len(self.plan.lefts) else self.plan.width
                room = int((right - self.plan.at(n)) / CHARACTER)
                shown = text(clipped(name, room))
                left = self.plan.at(n) - 3
                out.append(f'<text class="{own}" x="{left}" y="{bottom - 12}">{shown}</text>')
        out.append(f'<path class="rule" d="M0 {bottom - 0.5}H{self.plan.width}"/>')
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
        wide = self.plan.width - LANES
        backs: dict[str, str] = {}
        for n in range(first, end):
            if (mark := self.plan.rows[n].mark) in _SIGNS:
                top, height = self.plan.tops[n], self.plan.tops[n + 1] - self.plan.tops[n]
                box = f"M{LANES - 6} {top}h{wide}v{height}h-{wide}z"
                backs[mark] = backs.get(mark, "") + box
        for kind, boxes in backs.items():
            yield f'<path class="back-{kind}" d="{boxes}"/>'

    def _bands(self, first: int, end: int) -> Iterator[str]:
        for holding, slot in self.plan.slots.items():
            last = len(self.plan.rows) - 1 if holding.last is None else holding.last
            if last < first or holding.first >= end:
                continue
            top = self.plan.middle(holding.first) - 6
            bottom = self.plan.tops[-1] if holding.last is None else self.plan.middle(last) + 6
            # A part draws as little of it as is seen of it, so that it need not be clipped.
            top, bottom = max(top, self.plan.tops[first] - 1), min(bottom, self.plan.tops[end] + 1)
            left = self.plan.at(holding.thread) - self.plan.gap - (slot + 1) * self.plan.band
            number = self.plan.locks.index(holding.lock)
            who = self.plan.timeline.threads[holding.thread]
            yield (
                f'<rect class="band k{number % BANDS}" x="{left}" y="{top}" '
                f'width="{self.plan.band}" height="{bottom - top}" rx="2">'
                + f"<title>{text(f'{who} holds {holding.lock}')}</title>" * self.titles
                + "</rect>"
            )
            named = holding.first
            while named < last and self.plan.rows[named].mark == "fold":
                named += 1
            if self.plan.band >= BAND and first <= named < end:
                y = top + 9 if named == holding.first else self.plan.tops[named] + 11
                x = left + self.plan.band / 2
                yield f'<text class="letter" x="{x:g}" y="{y}">{_letter(number)}</text>'

    def _lane_lines(self, first: int, end: int) -> Iterator[str]:
        lines: dict[str, str] = {}
        for thread, segments in enumerate(self.plan.segments):
            begin = bisect_right(segments, first, key=attrgetter("end"))
            for segment in segments[begin:]:
                if segment.first >= end:
                    break
                own = f"{segment.form} t{thread % COLOURS}"
                top = self.plan.tops[max(segment.first, first)]
                height = self.plan.tops[min(segment.end, end)] - top
                lines[own] = lines.get(own, "") + f"M{self.plan.at(thread)} {top}v{height}"
        for own, line in lines.items():
            yield f'<path class="{own}" d="{line}"/>'

    def _folds(self, first: int, end: int) -> Iterator[str]:
        """What is left out covers the lanes."""
        wide, tops = self.plan.width - LANES, self.plan.tops
        folds = "".join(
            f"M{LANES - 6} {tops[n] + 2}h{wide}v{tops[n + 1] - tops[n] - 4}h-{wide}z"
            for n in range(first, end)
            if self.plan.rows[n].mark == "fold"
        )
        if folds:
            yield f'<path class="back-fold" d="{folds}"/>'

    def _arrows(self, first: int, end: int) -> Iterator[str]:
        lines, points = "", ""
        for arrow in (arrow for n in range(first, end) for arrow in self.plan.arrows.get(n, ())):
            y, to = self.plan.tops[arrow.row + 1] - 4, self.plan.at(arrow.target)
            start = to - 16 if arrow.source < 0 else self.plan.at(arrow.source)
            side = 1 if start < to else -1
            lines += f"M{start} {y}H{to - 6 * side}"
            points += f"M{to} {y}l{-7 * side} -3.5v7z"
        if lines:
            yield f'<path class="arrow" d="{lines}"/><path class="point" d="{points}"/>'

    def _races(self, first: int, end: int) -> Iterator[str]:
        for race in self.plan.races:
            one, other = (self.plan.tracks.row_of[index] for index in race[1:])
            if max(one, other) < first or min(one, other) >= end:
                continue
            x1, x2 = (self.plan.at(self.plan.timeline.events[index].thread) for index in race[1:])
            y1, y2 = self.plan.middle(one), self.plan.middle(other)
            half = (y1 + y2) / 2
            yield (
                f'<path class="race-join" d="M{x1} {y1}C{x1} {half:g} {x2} {half:g} {x2} {y2}">'
                f"<title>{text(f'race on {race.location}')}</title></path>"
            )

    def _side(self, first: int, end: int) -> Iterator[str]:
        clocks, steps, ticks = "", "", ""
        for n in range(first, end):
            row, y = self.plan.rows[n], self.plan.tops[n] + 14
            if n == 0 or row.time != self.plan.rows[n - 1].time:
                clocks += f'<text y="{y}">{clock(row.time)}</text>'
                ticks += f"M8 {self.plan.tops[n]}H{self.plan.width - MARGIN}" * (n > 0)
            if n == 0 or row.step != self.plan.rows[n - 1].step:
                steps += f'<text y="{y}">{row.step}</text>'
        yield f'<g class="side clock" transform="translate(58)">{clocks}</g>'
        yield f'<g class="side" transform="translate(98)">{steps}</g>'
        if ticks:
            yield f'<path class="tick" d="{ticks}"/>'

    def _code(self, first: int, end: int) -> Iterator[str]:
        if self.plan.narrow:
            lines = (self._line(n) for n in range(first, end))
            yield f'<g class="lines" transform="translate({self.plan.code})">'
            yield from lines
            yield "</g>"
            return
        for n in range(first, end):
            row, y = self.plan.rows[n], self.plan.tops[n] + 14
            x = self.plan.at(max(row.thread, 0)) + 10
            room = self.plan.width - MARGIN - x
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
        row = self.plan.rows[n]
        room = int((self.plan.width - MARGIN - self.plan.code) / CHARACTER)
        who = "" if row.thread < 0 else clipped(self.plan.timeline.threads[row.thread], 10)
        notes = "; ".join(row.notes)
        said = clipped(row.text, (room * 3 // 5 if notes else room) - len(who) - 1)
        left = int((room - len(who) - len(said) - 2) * CHARACTER / SMALL)
        whole = said != row.text or (notes and left < len(notes))
        title = "\n".join((row.text, *row.notes)) if self.titles and whole else ""
        return (
            f'<text{_kind(row)} y="{self.plan.tops[n] + 14}">'
            + f'<tspan class="t{row.thread % COLOURS}">{text(who)}</tspan> ' * bool(who)
            + text(said)
            + f" <tspan>{text(clipped(notes, left))}</tspan>" * (left > 3 and notes != "")
            + f"<title>{text(title)}</title>" * bool(title)
            + "</text>"
        )

    def _signs(self, first: int, end: int) -> Iterator[str]:
        signs: dict[str, str] = {}
        for n in range(first, end):
            row = self.plan.rows[n]
            if row.thread >= 0 and row.mark in _SIGNS:
                at = f"M{self.plan.at(row.thread)} {self.plan.middle(n)}{_SIGNS[row.mark]}"
                signs[row.mark] = signs.get(row.mark, "") + at
            for thread in self.plan.ends.get(n, ()):
                own, y = f"end t{thread % COLOURS}", self.plan.tops[n + 1]
                signs[own] = signs.get(own, "") + f"M{self.plan.at(thread) - 6} {y - 3}h12v3h-12z"
        for kind, drawn in signs.items():
            yield f'<path class="sign {kind}" d="{drawn}"/>'

    # What it means

    def foot(self) -> str:
        out = [f'<path class="rule" d="M0 .5H{self.plan.width}"/>']
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
            if x + wide > self.plan.width and lines[-1]:
                lines.append([])
                x = MARGIN
            lines[-1].append((x, sign, said))
            x += wide
        return lines

    def _legend(self) -> Iterator[tuple[str, str]]:
        conditions = {state.condition for states in self.plan.tracks.states for state in states}
        yield '<path class="run t7" d="M8 -11V2"/>', RUNS
        yield '<path class="able t7" d="M8 -11V2"/>', CONDITIONS["able"]
        if "held" in conditions:
            sign = f'<path class="sign held" d="M8 -4{_SIGNS["held"]}"/>'
            yield sign, CONDITIONS["held"]
        if "waits" in conditions:
            yield '<path class="waits t7" d="M8 -11V4"/>', CONDITIONS["waits"]
        if self.plan.arrows:
            yield (
                '<path class="arrow" d="M0 -4H10"/><path class="point" d="M16 -4l-7 -3.5v7z"/>',
                "starts, wakes",
            )
        if any(row.mark == "unseen" for row in self.plan.rows):
            sign = f'<path class="sign unseen" d="M8 -4{_SIGNS["unseen"]}"/>'
            yield sign, MARKS["unseen"]
        races = list(dict.fromkeys(race.location for race in self.plan.races))
        for race in races[:MOST]:
            sign = f'<path class="sign race" d="M8 -4{_SIGNS["race"]}"/>'
            yield sign, f"race on {race}"
        if len(races) > MOST:
            yield "", f"and {len(races) - MOST} more"
        for n, lock in enumerate(self.plan.locks[:MOST]):
            yield (
                f'<rect class="band k{n % BANDS}" x="3" y="-11" width="12" height="13" rx="2"/>'
                f'<text class="letter" x="9" y="-1">{_letter(n)}</text>',
                f"holds {lock}",
            )
        if len(self.plan.locks) > MOST:
            yield "", f"and {len(self.plan.locks) - MOST} more"


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
