"""Reports as one page, which needs nothing else: no network, no server, no other file.

It begins with the end: what failed, where, and the few rows that say why. Below is the whole
execution, to be walked through, which begins at the failure, too.

The page is whole without its script: what failed, the pictures and the sources. The script adds
the slider, and what holds at each step. All that comes from the code under test is text, of an
element or of JSON, and the policy of the page lets no script run but ours.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import get_args

from threadlab.reports import svg
from threadlab.reports.headline import Headline, headline
from threadlab.reports.rows import Row, folding
from threadlab.reports.svg import COLOURS, Drawing, clean, draw, text
from threadlab.reports.timeline import Report, Timeline
from threadlab.reports.tracks import Condition, Tracks, tracks
from threadlab.reports.words import CONDITIONS, MARKS, RUNS

ROWS = 16_000
"""Rows of an execution that are shown at most, the last: a browser goes through so many at once."""

FEW = 12
"""Rows that are shown before all of them."""


def page(reports: Sequence[Report]) -> str:
    """All of them, to be chosen from; or, if there is none, that nothing has failed."""
    title = reports[0].title if len(reports) == 1 else f"{len(reports) or 'no'} failures"
    body = "\n".join(_body(reports))
    return document(f"Race report: {title}", svg.STYLE + STYLE, _file("page.js"), body)


def document(title: str, style: str, script: str, body: str) -> str:
    """A page in which no other style and no other script has any effect."""
    policy = (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}"
    )
    return Template(_file("page.html")).substitute(
        policy=policy, title=text(title), style=style, script=script, body=body
    )


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


STYLE = _file("page.css")


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def _body(reports: Sequence[Report]) -> Iterator[str]:
    if not reports:
        yield '<main class="nothing"><h1>Nothing failed</h1>'
        yield "<p>There is no execution to be shown.</p></main>"
        return
    if len(reports) > 1:
        yield '<nav><label>Failure <select autocomplete="off">'
        for n, report in enumerate(reports, 1):
            yield f"<option>{n}. {text(report.title)}: {text(report.failure)}</option>"
        yield "</select></label></nav>"
    yield "<main>"
    for report in reports:
        yield from _article(report)
    yield "</main>"


def _article(report: Report) -> Iterator[str]:
    timeline = report.timeline
    fold = folding(timeline)
    shown = _last(fold(None))
    found = tracks(timeline, shown)
    drawing = draw(timeline, shown, found)
    locations = _telling(timeline, found)
    yield f'<article aria-label="{text(report.title)}">'
    yield from _head(report, headline(report, found))
    if report.history:
        yield from _details("The calls", report.history)
    yield '<div class="story">'
    yield from _what_matters(timeline, fold(FEW), found)
    yield '<div class="facts">'
    if report.details:
        is_traceback = report.details.startswith("Traceback")
        yield from _details("Traceback" if is_traceback else "Where each thread is", report.details)
    yield from _facts(report)
    yield "</div></div>"
    yield '<section class="player" aria-label="The whole execution">'
    yield '<div class="dash">'
    yield _CONTROLS
    yield from _now(timeline, found, locations)
    yield "</div>"
    yield '<section class="lanes" tabindex="0" aria-label="What each thread does, step by step">'
    yield f'<div class="above">{drawing.head}</div>'
    yield '<div class="rows">'
    for part in drawing.parts:
        yield f'<div class="part">{part}</div>'
    yield '<div class="over"><div class="cursor" hidden></div></div></div>'
    yield f'<div class="below">{drawing.foot}</div></section>'
    yield from _sources(timeline)
    yield "</section>"
    data = _data(timeline, shown, found, drawing, locations)
    yield f'<script type="application/json">{data}</script>'
    yield "</article>"


def _last(whole: list[Row]) -> list[Row]:
    """At most `ROWS` of them, with one for those before."""
    if len(whole) <= ROWS:
        return whole
    begin, first = whole[0], whole[1 - ROWS]
    left_out = f"... {first.step - begin.step} steps"
    fold = begin._replace(
        thread=-1, place=-1, text=left_out, notes=(), mark="fold", last=first.first - 1
    )
    return [fold, *whole[1 - ROWS :]]


_CONTROLS = """\
<section class="controls" aria-label="Moves through the execution" hidden>
<div>
<button data-go="first" aria-label="first step">⇤</button>
<button data-go="previous" aria-label="previous step">←</button>
<label><span>Step</span> <input type="range" min="0" value="0" autocomplete="off"></label>
<button data-go="next" aria-label="next step">→</button>
<button data-go="last" aria-label="last step">⇥</button>
<button data-go="previous-mark">Previous mark</button>
<button data-go="next-mark">Next mark</button>
<span class="keys"><kbd>←</kbd> <kbd>→</kbd> or <kbd>j</kbd> <kbd>k</kbd> a step,
<kbd>Page</kbd> ten, <kbd>Home</kbd> <kbd>End</kbd>, <kbd>n</kbd> <kbd>p</kbd> marks</span>
</div>
<output tabindex="0" aria-live="polite"></output>
</section>"""


def _head(report: Report, said: Headline) -> Iterator[str]:
    """Who failed, how and where, and why."""
    yield f'<header class="head"><p class="title">{text(report.title)}</p>'
    yield f"<h1>{text(said.sentence)}</h1>"
    if said.failing:
        yield '<ul class="failing">'
        for one in said.failing:
            who = text(report.timeline.threads[one.thread])
            yield f'<li><span class="thread t{one.thread % COLOURS}">{who}</span>'
            yield f"<code>{text(one.code)}</code>" * bool(one.code)
            yield f'<strong class="said">{text(one.said)}</strong>' * bool(one.said)
            yield f'<span class="where">{text(one.where)}</span></li>'
        yield "</ul>"
    if report.why:
        why = re.sub("`([^`]*)`", r"<code>\1</code>", text(report.why))
        yield f'<p class="why">It {why}.</p>'
    yield "</header>"


def _what_matters(timeline: Timeline, few: Sequence[Row], found: Tracks) -> Iterator[str]:
    """The rows that say why it went as it did; each leads to its place in the whole."""
    yield '<section class="few" aria-label="The steps that matter"><h2>The steps that matter</h2>'
    yield "<table><thead><tr>"
    yield "".join(f'<th scope="col">{head}</th>' for head in ("Step", "Thread", "Does"))
    yield "</tr></thead><tbody>"
    for row in few:
        number, own = found.row_of[row.first], f"t{row.thread % COLOURS}"
        yield f'<tr class="{row.mark}"><td><button data-row="{number}" '
        yield f'aria-label="show step {row.step}">{row.step}</button></td>'
        if row.mark == "fold":
            yield f'<td class="folded" colspan="2">{text(row.text.removeprefix("... "))}</td></tr>'
            continue
        yield f'<td class="thread {own}">{text(timeline.threads[row.thread])}</td><td>'
        yield f"<code>{text(row.text)}</code>" * bool(row.text)
        yield "".join(f'<span class="note">{text(note)}</span>' for note in row.notes)
        yield "</td></tr>"
    yield "</tbody></table></section>"


def _details(head: str, said: str) -> Iterator[str]:
    yield f'<section class="details"><h2>{head}</h2>'
    yield f'<pre tabindex="0" aria-label="{head}">{text(said)}</pre></section>'


def _facts(report: Report) -> Iterator[str]:
    yield "<dl>"
    if report.law:
        yield f"<dt>Law</dt><dd>{text(report.law)}</dd>"
    if report.example:
        yield f"<dt>Smallest example</dt><dd><code>{text(report.example)}</code></dd>"
    yield f"<dt>Failure</dt><dd>{text(report.failure)}</dd>"
    yield f"<dt>Schedule</dt><dd><code>{text(report.schedule)}</code></dd>"
    if report.again:
        copy = "<button data-copy>Copy</button>"
        yield f"<dt>Again</dt><dd><code>{text(report.again)}</code>{copy}</dd>"
    for race in dict.fromkeys(race.location for race in report.timeline.races):
        yield f"<dt>Data race</dt><dd><code>{text(race)}</code></dd>"
    if report.timeline.omitted:
        yield f"<dt>Left out</dt><dd>{report.timeline.omitted:,} events before the first</dd>"
    yield "</dl>"


def _start(shown: Sequence[Row]) -> int:
    """The row that is looked at first: where it fails, or else where it races, or ends."""
    for mark in ("fail", "race"):
        for number, row in enumerate(shown):
            if row.mark == mark:
                return number
    return len(shown) - 1


def _telling(timeline: Timeline, found: Tracks) -> list[str]:
    """The locations that have more than one value, or are raced on."""
    raced = {race.location for race in timeline.races}
    return [what for what, values in found.values.items() if len(values) > 1 or what in raced]


def _now(timeline: Timeline, found: Tracks, locations: Sequence[str]) -> Iterator[str]:
    """The tables that the script fills."""
    yield '<section class="now" tabindex="0" aria-label="What holds after this step">'
    yield "<h2></h2>"
    yield from _table("values", "Shared locations", ("location", "value", "last"), locations)
    yield from _table("threads", "Threads", ("thread", "does", "is at"), timeline.threads, own=True)
    yield from _table("locks", "Locks", ("lock", "held by"), found.locks)
    yield "</section>"


def _table(
    name: str, caption: str, heads: Sequence[str], keys: Sequence[str], own: bool = False
) -> Iterator[str]:
    """A row for each key, with the other columns left to be filled."""
    if not keys:
        return
    yield f'<table class="{name}"><caption>{caption}</caption><thead><tr>'
    yield "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead><tbody>"
    empty = "<td></td>" * (len(heads) - 1)
    for n, key in enumerate(keys):
        colour, kind = (f' class="t{n % COLOURS}"', "thread") if own else ("", "what")
        yield f'<tr{colour}><td class="{kind}">{text(key)}</td>{empty}</tr>'
    yield "</tbody></table>"


def _sources(timeline: Timeline) -> Iterator[str]:
    yield '<section class="source" tabindex="0" aria-label="Source">'
    for n, (file, lines) in enumerate(timeline.sources.items()):
        yield f'<h3>{text(file)}</h3><ol data-file="{n}">'
        for number, line in enumerate(lines, 1):
            yield f'<li value="{number}"><code>{text(line)}</code></li>'
        yield "</ol>"
    yield "</section>"


def _data(
    timeline: Timeline,
    shown: Sequence[Row],
    found: Tracks,
    drawing: Drawing,
    locations: Sequence[str],
) -> str:
    """What the script looks up, as JSON that cannot end its element."""
    files = list(timeline.sources)
    strings: dict[str, int] = {}

    def string(value: str) -> int:
        return strings.setdefault(value, len(strings))

    conditions = get_args(Condition)
    data: dict[str, object] = {
        "conditions": conditions,
        "runs": RUNS,
        "words": CONDITIONS,
        "marks": MARKS,
        "start": _start(shown),
        "threads": [clean(name) for name in timeline.threads],
        "files": [clean(file) for file in files],
        "places": [
            [files.index(place.file) if place.file in timeline.sources else -1, place.line]
            for place in timeline.places
        ],
        "rows": [
            [
                row.thread,
                row.step,
                round(row.time, 6),
                row.place,
                row.mark,
                runner,
                [string(said) for said in (row.text, *row.notes) if said],
            ]
            for row, runner in zip(shown, found.runner, strict=True)
        ],
        "heights": [bottom - top for top, bottom in pairwise(drawing.tops)],
        "lanes": drawing.lanes,
        "states": [
            [[state.row, conditions.index(state.condition), string(state.what)] for state in states]
            for states in found.states
        ],
        "at": found.places,
        "values": [
            [[value.row, string(value.value), value.thread, int(value.written)] for value in values]
            for values in map(found.values.__getitem__, locations)
        ],
        "holdings": [
            [found.locks.index(holding.lock), holding.thread, holding.first, holding.last]
            for holding in found.holdings
        ],
        "strings": [clean(value) for value in strings],
    }
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
