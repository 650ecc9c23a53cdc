"""The execution in a terminal: a column for each thread, and the lines as they ran.

Only one thread acts in each row, so its text may run on over the columns to the right of its own:
a line of code fits in 80 columns beside three threads, where a cell would have 20. Left and right
of it stands what the other threads are up to. The form is that of Lincheck's reports.

Colour, width, and what the terminal can show, are rich's business; in a pipe it is plain text.
"""

import os
import re
import textwrap
from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from threadlab.reports.rows import Row, folding
from threadlab.reports.timeline import Event, Timeline
from threadlab.reports.values import printable

WIDTH = 80
"""Of a table that is not for a terminal, unless ``COLUMNS`` says so."""

LINES = 40
"""And at most as high, unless all is asked for."""

ROOM = 32
"""Characters that the last column has at least."""

SHORTER = (
    (re.compile(r" \(.*\)$"), ""),
    (re.compile(r"^(Main)Thread$|^(T)hread-(?=\d)"), r"\1\2"),
)
"""How names of threads are made shorter, one way after the other, where there is no room."""

NOTES = 4
"""Lines of what came of a line of code, unless all is asked for."""

MARGINS = {"held": ">", "race": "!", "fail": "!", "unseen": "*"}
WORDS = {">": "preempted", "!": "races or fails", "*": "missed a change"}
RED = "bold red"
STYLES = {"held": "bold yellow", "unseen": "bold magenta", "race": RED, "fail": RED, "fold": "dim"}


def piped() -> int:
    """The width of what is not for a terminal."""
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() and 0 < int(columns) < 10_000 else WIDTH


def text(timeline: Timeline, console: Console, whole: bool = False) -> str:
    """The table as ``console`` would print it."""
    with console.capture() as captured:
        for line in table(timeline, console, whole):
            console.print(line, no_wrap=True, overflow="crop", crop=True)
    return captured.get().rstrip("\n")


def table(timeline: Timeline, console: Console, whole: bool = False) -> list[Text]:
    """The lines, for ``console``: at most about a screen, or the ``whole``."""
    width = max(console.width, 60)
    chosen = folding(timeline)
    if whole:
        return list(_Layout(timeline, chosen(None), width, console, whole).lines())
    most = limit = max(console.height - 10, 16) if console.is_terminal else LINES
    while True:  # a row may be several lines
        lines = list(_Layout(timeline, chosen(limit), width, console).lines())
        if len(lines) <= most or limit < 5:
            return lines
        limit -= max(1, (len(lines) - most) // 3)


class _Layout:
    """Where the columns are."""

    def __init__(
        self,
        timeline: Timeline,
        chosen: list[Row],
        width: int,
        console: Console,
        whole: bool = False,
    ) -> None:
        self._timeline = timeline
        self._most = None if whole else NOTES
        self._rows = chosen
        self._width = width
        drawn = console.is_terminal and console.encoding.startswith("utf")
        self._signs = ("\N{BOX DRAWINGS LIGHT VERTICAL}", "\N{MIDDLE DOT}") if drawn else ("|", ".")
        threads = sorted({row.thread for row in chosen if row.mark != "fold"})
        times = max([len(f"{row.time:.9g} s") for row in chosen], default=0)
        self._times = max(times, len("time"))
        self._steps = max(6, *(len(f" {row.step}") for row in chosen))
        left = self._times + self._steps + 4
        names = list(timeline.threads)
        for pattern, shorter in (("", ""), *SHORTER):
            names = [re.sub(pattern, shorter, name) for name in names]
            lane = 2 + max([cell_len(names[thread]) for thread in threads[:-1]], default=0)
            self._named = left + ROOM + max(len(threads) - 1, 0) * lane > width
            if not self._named:
                break
        # In the row, as there is no room for columns, or they could not be told apart.
        self._named |= len(set(names)) < len(names)
        self._names = list(timeline.threads) if self._named else names
        renamed = zip(timeline.threads, self._names, strict=True)
        self._short = {name: short for name, short in renamed if name != short}
        full = sorted(map(re.escape, self._short), key=len, reverse=True)
        # No part of a word, nor a string.
        self._full = re.compile(rf"""(?<![\w'"])(?:{"|".join(full)})(?!\w)""")
        self._columns = {
            thread: left + (0 if self._named else number * lane)
            for number, thread in enumerate(threads)
        }
        self._left = left

    def lines(self) -> Iterator[Text]:
        yield self._head()
        time = None
        # Of an execution whose beginning is not known, nobody knows what they are up to.
        states = {} if self._timeline.omitted else {0: self._signs[0]}
        at = 0
        for row in self._rows:
            for event in self._timeline.events[at : row.last + 1]:
                self._follow(states, event)
            at = row.last + 1
            margin = f"{row.step:>{self._steps}} {MARGINS.get(row.mark, ' ')} "
            shown = "" if row.time == time or row.mark == "fold" else f"{row.time:.9g} s"
            time = time if row.mark == "fold" else row.time
            for number, content in enumerate(self._contents(row)):
                prefix = f"{shown:>{self._times}}{margin}" if not number else ""
                yield self._line(prefix, row, content, states)
        yield self._legend()

    def _legend(self) -> Text:
        """What the signs say that are there."""
        marks = {MARGINS.get(row.mark) for row in self._rows}
        said = [f"{sign} {words}" for sign, words in WORDS.items() if sign in marks]
        if len(self._columns) > 1 and not self._named:
            said += [f"{self._signs[0]} could run", f"{self._signs[1]} waits"]
        return Text("   ".join(said), "dim")

    def _head(self) -> Text:
        head = Text(f"{'time':>{self._times}}{'step':>{self._steps}}".ljust(self._left), "bold")
        if self._named:
            head.append("thread: line")
        else:
            for thread, column in self._columns.items():
                head.append(" " * (column - head.cell_len))
                head.append(self._names[thread])
        head.truncate(self._width)
        return head

    def _follow(self, states: dict[int, str], event: Event) -> None:
        """What each thread that has begun and not ended is up to."""
        can_run, waits = self._signs
        if event.kind == "start":
            states[event.other] = can_run
        elif event.kind == "end":
            states.pop(event.thread, None)
        elif event.kind != "fail":
            states[event.thread] = waits if event.kind == "wait" else can_run

    def _contents(self, row: Row) -> list[Text]:
        """The source line, and notes beside or below it."""
        room = self._width - self._columns.get(row.thread, self._left)
        source = printable(row.text)
        if self._named and row.mark != "fold":
            source = f"{self._names[row.thread]}: {source}"
        style = STYLES.get(row.mark, "")
        notes = "; ".join(row.notes)
        if self._short:
            notes = self._full.sub(lambda found: self._short[found[0]], notes)
        if not source:
            return [Text(line, "italic") for line in self._wrapped(notes, room)]
        if row.mark == "fold":
            return [Text(source, style)]
        style = style or "cyan"
        if cell_len(source) + 3 + cell_len(notes) <= room:
            return [Text(source).append(f"   {notes}".rstrip(), style)]
        wrapped = self._wrapped(notes, max(room - 2, 20))
        return [Text(_cut(source, room)), *(Text(f"  {line}", style) for line in wrapped)]

    def _wrapped(self, notes: str, room: int) -> list[str]:
        return textwrap.wrap(notes, room, max_lines=self._most, placeholder=" ...")

    def _line(self, prefix: str, row: Row, content: Text, states: dict[int, str]) -> Text:
        line = Text(prefix.ljust(self._left))
        own = self._columns.get(row.thread, self._left)
        placed = False
        for thread, column in self._columns.items():
            if column >= own and not placed:
                line.append(" " * (own - line.cell_len))
                line.append_text(content)
                placed = True
                if column == own:
                    continue
            if column > line.cell_len + 1 or not placed:
                line.append(" " * (column - line.cell_len))
                line.append(states.get(thread, " "), "dim")
        line.rstrip()
        return line


def _cut(text: str, room: int) -> str:
    return text if cell_len(text) <= room else f"{set_cell_size(text, max(room - 3, 1))}..."
