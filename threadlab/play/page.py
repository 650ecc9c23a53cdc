"""A game as one page, which needs nothing else: no network, no server, no other file."""

import json
from collections.abc import Iterator
from pathlib import Path

from threadlab.play.game import Decision, End, Game, Line, Option
from threadlab.reports import svg
from threadlab.reports.page import STYLE, document
from threadlab.reports.svg import clean, text
from threadlab.reports.words import MARKS

FOLDER = Path(__file__).parent


def page(game: Game) -> str:
    style = svg.STYLE + STYLE + (FOLDER / "play.css").read_text(encoding="utf-8")
    script = (FOLDER / "play.js").read_text(encoding="utf-8")
    body = "\n".join(_body(game))
    return document(f"Be the scheduler: {game.title}", style, script, body)


def _body(game: Game) -> Iterator[str]:
    yield "<main>"
    yield f'<header class="head"><p class="title">{text(game.title)}</p>'
    yield f'<h1>Be the scheduler</h1><p class="task">{text(game.task())}</p>'
    yield f"<details><summary>How to play</summary>{_HOW}<p>{text(game.known())}</p></details>"
    yield "</header>"
    yield _BOARD
    yield '<section class="source" tabindex="0" aria-label="Source">'
    for number, (file, lines) in enumerate(game.sources.items()):
        yield f'<h3>{text(file)}</h3><ol data-file="{number}">'
        for line, code in enumerate(lines, 1):
            yield f'<li value="{line}"><code>{text(code)}</code></li>'
        yield "</ol>"
    yield "</section></div></main>"
    yield f'<script type="application/json">{_data(game)}</script>'


_HOW = """\
<p>The threads of this scenario run one at a time. Wherever it can matter who goes on, you say it.
The first choice is what happens by itself: the running thread goes on until it has to wait. Any
other is a <em>delay</em>: it is preempted, and another goes on, or time passes. Keys: <kbd>1</kbd>
to <kbd>9</kbd> choose, <kbd>u</kbd> takes back, <kbd>e</kbd> lets it go on by itself to the end,
<kbd>r</kbd> begins again.</p>"""

_BOARD = """\
<div class="board">
<section class="choose" aria-label="Who goes on?">
<h2>Who goes on?</h2>
<div class="options"></div>
<div class="result" role="status" hidden>
<p class="how"></p><p class="score"></p>
<p>Again: <code></code> <button data-copy>Copy</button></p>
</div>
<div class="moves">
<button data-do="undo">Undo</button>
<button data-do="restart">Begin again</button>
<button data-do="end">To the end by itself</button>
<label><input type="checkbox" class="hints" checked> Say where each choice can lead</label>
</div>
<p class="so-far" role="status"></p>
<table class="values"><caption>Shared locations</caption><thead><tr>
<th scope="col">location</th><th scope="col">value</th></tr></thead><tbody></tbody></table>
</section>
<section class="log few" tabindex="0" aria-label="What has happened">
<h2>What has happened</h2><table><thead><tr><th scope="col">Thread</th><th scope="col">Does</th>
</tr></thead><tbody></tbody></table>
</section>"""


def _data(game: Game) -> str:
    """As JSON that cannot end its element. What is said twice stands in it once."""
    files = {file: number for number, file in enumerate(game.sources)}
    lines: dict[Line, int] = {}
    ends: dict[End, int] = {}
    telling = _telling(game)

    def numbers(done: tuple[Line, ...]) -> list[int]:
        return [lines.setdefault(line, len(lines)) for line in done]

    def option(one: Option) -> list[object]:
        to = one.to
        if isinstance(to, End):
            to = -1 - ends.setdefault(to, len(ends))
        place = [one.code, files.get(one.file, -1), one.line]
        breaks = one.to is not None and one.fewest is not None
        return [one.thread, one.skip, *place, numbers(one.lines), to, one.leads, breaks]

    def decision(one: Decision) -> list[object]:
        return [one.step, one.turn, [option(each) for each in one.options]]

    opening = numbers(game.opening)
    if game.end is not None:
        ends[game.end] = 0
    decisions = [decision(one) for one in game.decisions]
    data = {
        "again": game.again,
        "threads": game.threads,
        "fewest": game.fewest,
        "marks": MARKS,
        "opening": opening,
        "decisions": decisions,
        "ends": [end.failure for end in ends],
        "lines": [
            [
                *(line.thread, line.code, line.notes, line.mark),
                [(name, value) for name, value in line.values if name in telling],
            ]
            for line in lines
        ],
    }
    return clean(json.dumps(data, separators=(",", ":"))).replace("<", "\\u003c")


def _telling(game: Game) -> set[str]:
    """The locations that have more than one value."""
    values: dict[str, set[str]] = {}
    told = [game.opening, *(o.lines for d in game.decisions for o in d.options)]
    for line in (line for done in told for line in done):
        for name, value in line.values:
            values.setdefault(name, set()).add(value)
    return {name for name, known in values.items() if len(known) > 1}
