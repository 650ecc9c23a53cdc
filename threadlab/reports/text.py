"""What a search has found, as text for a person: what broke, how, and the line to see it again."""

import math
import os
from collections.abc import Iterator

from rich.console import Console

from threadlab.errors import Unexplained
from threadlab.reports import table
from threadlab.reports.observer import observe
from threadlab.reports.timeline import Report
from threadlab.search.result import Found, Result


def shown(result: Result) -> Report | Exception | None:
    """The execution that failed, if one did; made again, loaded anew, and observed.

    What goes wrong with that is returned: it is no reason to keep back what was found.
    """
    failure, schedule = result.failure, result.schedule
    if failure is None or schedule is None:
        return None
    try:
        simulation, scenario = result.program.load(recording=True)
        timeline = observe(simulation, scenario, schedule)
    except Exception as error:
        return error
    return Report(
        title=str(result.program),
        failure=_failure(failure),
        schedule=str(schedule),
        timeline=timeline,
        again=result.again,
        history=history(failure.error),
    )


def history(error: BaseException) -> str:
    """The calls that no order explains, if that is what went wrong."""
    return str(error).partition("\n")[2] if isinstance(error, Unexplained) else ""


def report(
    result: Result, report: Report | Exception | None, console: Console, whole: bool = False
) -> Iterator[str]:
    """The lines for ``console``; with ``whole`` everything that is known."""
    yield _summary(result)
    for race in result.races:
        yield ""
        yield shorter(str(race))
    failure, schedule = result.failure, result.schedule
    if failure is None or schedule is None:
        return
    yield ""
    yield _failure(failure)
    if failure.location:
        yield f"at {shorter(failure.location)}"
    if failure.kind in ("exception", "unexplained") or (whole and failure.kind != "race"):
        yield from (f"  {line}" for line in shorter(failure.details()).splitlines())
    yield ""
    yield _drawn(report, console, whole)
    yield ""
    delays = len(schedule)
    if delays:
        held = f"; it holds a thread up for {result.stall:g} s" if result.stall else ""
        yield f"schedule: {schedule}, {delays} delay{'s'[: delays != 1]}{held}"
    else:
        yield "schedule: -, the ordinary run"
    yield f"Again: {result.again}"


def cut_short(result: Result | None) -> str:
    """What was known when Ctrl-C came, in one line."""
    if result is None or not result.executions:
        return "ended by Ctrl-C before the first execution"
    known = f"Again: {result.again}" if result.found else "nothing found so far"
    return f"ended by Ctrl-C after {_figures(result)}; {known}"


def _drawn(report: Report | Exception | None, console: Console, whole: bool) -> str:
    try:
        if isinstance(report, Report):
            return table.text(report.timeline, console, whole)
    except Exception as error:
        report = error
    return f"the execution cannot be shown: {report!r}"


def _failure(failure: Found) -> str:
    where = f" in {failure.thread}" if failure.thread else ""
    return f"{failure.kind}{where}: {failure.message}"


def _summary(result: Result) -> str:
    if result.strategy == "replay":
        return (
            f"{'failed' if result.found else 'nothing found'}: one execution, {result.steps} steps"
        )
    figures = f"{_figures(result)}, {result.strategy}, seed {result.seed}"
    if result.found:
        return f"found: after {figures}"
    if result.exhausted:
        return f"nothing found, and nothing left to try{within(result)}: {figures}"
    return f"nothing found: {figures}"


def within(result: Result) -> str:
    """On which condition nothing was left to try."""
    if math.isinf(result.longest_stall):
        return ""
    return f" with no thread held up for longer than {result.longest_stall:g} s"


def _figures(result: Result) -> str:
    executions = f"{result.executions:,} execution{'s'[: result.executions != 1]}"
    cut = f", and {result.cut_off:,} cut off," if result.cut_off else ""
    return f"{executions}{cut} in {result.seconds:.2f} s"


def shorter(text: str) -> str:
    """Without the present folder before each file."""
    return text.replace(os.getcwd() + os.sep, "")
