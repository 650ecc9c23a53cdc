"""The simulated execution that a failed test has on its error, as a report and as a table.

Under pytest-xdist a test fails in one process, and files are written in another; what goes from
one to the other must be text.
"""

import base64
import pickle
import re
import textwrap
import zlib

from rich.console import Console

from threadlab.errors import headline
from threadlab.execution import Execution, execution_of
from threadlab.reports import table, text
from threadlab.reports.blocked import blocked
from threadlab.reports.observer import observe_again
from threadlab.reports.timeline import Report
from threadlab.search.result import details

EXAMPLE = re.compile(r"(?:Falsifying example|Failing test case): (.*)", re.DOTALL)
"""Hypothesis' words, the older and the newer ones, on what it has found."""


def execution(error: BaseException) -> Execution | None:
    """The simulated one that raised ``error``, or one of its group; none if it was a real one."""
    found = map(execution_of, _each(error))
    return next((execution for execution in found if execution is not None), None)


def report(error: BaseException, title: str, law: str, again: str) -> Report | None:
    """The execution that raised ``error``, observed."""
    for one in _each(error):
        observed = observe_again(one)
        if observed is not None:
            schedule, timeline = observed
            return Report(
                title=title,
                failure=headline(one),
                schedule=str(schedule),
                timeline=timeline,
                law=law,
                example=example(error),
                again=again,
                history=text.history(one),
                details="" if text.history(one) else text.shorter(details(one)),
            )
    return None


def example(error: BaseException) -> str:
    """What Hypothesis has found, as it writes it; empty if there is none."""
    return _note(error, EXAMPLE)


def again(error: BaseException) -> str:
    """The command that executes it again, where whoever raised it knows; empty if not."""
    return _note(error, re.compile(r"Again: (.*)"))


def _note(error: BaseException, pattern: re.Pattern[str]) -> str:
    for one in _each(error):
        for note in getattr(one, "__notes__", []):
            if match := pattern.match(note):
                return textwrap.dedent(match[1]).strip()
    return ""


def _each(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [error, *error.exceptions]
    return [error]


def drawn(report: Report, width: int | None, whole: bool) -> str:
    """The table, in colour if there is the ``width`` of a terminal."""
    console = Console(width=width or table.piped(), force_terminal=width is not None)
    drawn = table.text(report.timeline, console, whole)
    waits = blocked(report.timeline)
    return f"{waits}\n\n{drawn}" if waits else drawn


def packed(report: Report) -> str:
    return base64.b85encode(zlib.compress(pickle.dumps(report))).decode("ascii")


def unpacked(text: str) -> Report:
    """Of a process of our own, so that it may be unpickled."""
    report = pickle.loads(zlib.decompress(base64.b85decode(text)))
    assert isinstance(report, Report)
    return report
