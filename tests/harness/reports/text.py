"""What a search has found, as text for a person: what broke, how, and the line to see it again."""

import os
from collections.abc import Iterator

from rich.console import Console

from tests.harness import scripts
from tests.harness.explore import Result
from tests.harness.reports import table
from tests.harness.reports.observer import observe
from tests.harness.reports.timeline import Report


def shown(result: Result) -> Report | None:
    """The execution that failed, if one did; made again, loaded anew, and observed."""
    failure, schedule = result.failure, result.schedule
    if failure is None or schedule is None:
        return None
    simulation, scenario = scripts.load(result.script, recording=True)
    return Report(
        title=result.script,
        failure=f"{failure.kind} in {failure.thread}: {failure.message}",
        schedule=str(schedule),
        timeline=observe(simulation, scenario, schedule),
        again=result.again,
    )


def report(
    result: Result, report: Report | None, console: Console, whole: bool = False
) -> Iterator[str]:
    """The lines for ``console``; with ``whole`` everything that is known."""
    yield _summary(result)
    for race in result.races:
        yield ""
        yield _shorter(str(race))
    failure = result.failure
    if failure is None or report is None:
        return
    yield ""
    yield report.failure
    if failure.location:
        yield f"at {_shorter(failure.location)}"
    if failure.kind == "exception" or (whole and failure.kind != "race"):
        yield from (f"  {line}" for line in _shorter(failure.details()).splitlines())
    yield ""
    yield table.text(report.timeline, console, whole)
    yield ""
    delays = len(result.schedule or ())
    if delays:
        yield f"schedule: {result.schedule}, {delays} delay{'s'[: delays != 1]}"
    else:
        yield "schedule: -, the ordinary run"
    yield f"Again: {report.again}"


def _summary(result: Result) -> str:
    executions = f"{result.executions:,} execution{'s'[: result.executions != 1]}"
    if result.strategy == "replay":
        return (
            f"{'failed' if result.found else 'nothing found'}: one execution, {result.steps} steps"
        )
    figures = f"{executions} in {result.seconds:.2f} s, {result.strategy}, seed {result.seed}"
    if result.found:
        return f"found: after {figures}"
    if result.exhausted:
        return f"nothing found, and nothing left to try: {figures}"
    ended = ", ended by Ctrl-C" if result.interrupted else ""
    return f"nothing found: {figures}{ended}"


def _shorter(text: str) -> str:
    """Without the present folder before each file."""
    return text.replace(os.getcwd() + os.sep, "")
