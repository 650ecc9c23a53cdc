"""What is told of an execution, for the tests of the reports."""

import io
from pathlib import Path

from rich.console import Console

from threadlab.program import Program
from threadlab.reports import text
from threadlab.reports.rows import rows
from threadlab.schedule import Schedule
from threadlab.search.explore import explore

ROOT = Path(__file__).parents[2]


FLAG = "tests/races/one_bit_flag.py:scenario"


def loaded(spec, token="-"):
    simulation, scenario = Program.parse(spec).load(recording=True)
    return simulation, scenario, Schedule.parse(token)


def pipe(width=80):
    return Console(file=io.StringIO(), width=width, force_terminal=False)


def terminal(width=80, height=50):
    return Console(
        file=io.StringIO(), width=width, height=height, force_terminal=True, color_system="standard"
    )


def explained(spec, token="-", console=None, whole=False):
    """The text of `explore`, as the command prints it, and the timeline that is in it."""
    result = explore(spec, replay=Schedule.parse(token))
    [shown] = text.shown(result)
    return "\n".join(text.report(result, [shown], console or pipe(), whole)), shown.timeline


def notes(timeline, thread=None):
    return [
        note
        for row in rows(timeline)
        for note in row.notes
        if thread is None or timeline.threads[row.thread] == thread
    ]
