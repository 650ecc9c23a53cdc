"""What a search has found, as text for a person: what broke, how, and the line to see it again."""

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Console

from threadlab.errors import LeakedThread, Livelock, Unexplained
from threadlab.program import Program
from threadlab.reports import table
from threadlab.reports.blocked import blocked
from threadlab.reports.observer import observe
from threadlab.reports.timeline import Place, Report, Timeline
from threadlab.search.result import Case, Found, Result, again
from threadlab.search.why import Why
from threadlab.simulation.recording.happens_before import Race


def shown(result: Result) -> list[Report | Exception]:
    """The executions that failed, for each case one; made again, loaded anew, and observed.

    What goes wrong with that is in its place: it is no reason to keep back what was found.
    """
    return [_shown(result.program, case) for case in result.cases]


def _shown(program: Program, case: Case) -> Report | Exception:
    try:
        simulation, scenario = program.load(recording=True)
        timeline = observe(simulation, scenario, case.schedule)
        if case.why is not None:
            timeline = replace(timeline, decides=_named(case.why, timeline))
    except Exception as error:
        return error
    return Report(
        title=str(program),
        failure=_failure(case.failure),
        schedule=str(case.schedule),
        timeline=timeline,
        again=again(program, case.schedule, case.failure),
        history=history(case.failure.error),
        details="" if history(case.failure.error) else shorter(case.failure.details()),
        why="" if case.why is None else shorter(str(case.why)),
    )


def _named(why: Why, timeline: Timeline) -> frozenset[tuple[int, Place]]:
    """The threads and lines that ``why`` names."""
    return frozenset(
        (thread, Place(shorter(place.file), place.line))
        for place in why.places
        for thread, name in enumerate(timeline.threads)
        if place.thread in ("", name)
    )


def history(error: BaseException) -> str:
    """The calls that no order explains, if that is what went wrong."""
    return str(error).partition("\n")[2] if isinstance(error, Unexplained) else ""


def report(
    result: Result,
    reports: Sequence[Report | Exception],
    console: Console,
    whole: bool = False,
) -> Iterator[str]:
    """The lines for ``console``, of `shown` as well; with ``whole`` everything that is known."""
    yield _summary(result)
    if not result.found:
        yield from searched(result)
        yield from _races(result, True)
    for number, (case, shown) in enumerate(zip(result.cases, reports, strict=True), 1):
        yield ""
        if result.every:
            first = f"the first was number {case.first:,}, by {case.strategy}"
            yield f"{number} of {len(result.cases)}, in {many(case.executions)}; {first}"
        story = list(_case(result.program, case, shown, console, whole))
        yield from story[:-3]
        if number == len(result.cases):
            # A failure comes first: it may have come of one of these, and of which, its rows show.
            yield from _races(result, whole or case.failure.kind == "race")
        yield from story[-3:]


def _case(
    program: Program, case: Case, report: Report | Exception, console: Console, whole: bool
) -> Iterator[str]:
    failure, schedule = case.failure, case.schedule
    yield _failure(failure)
    if failure.location:
        yield f"at {shorter(failure.location)}"
    if failure.kind in ("exception", "unexplained") or (whole and failure.kind != "race"):
        yield from (f"  {line}" for line in shorter(failure.details()).splitlines())
    if isinstance(report, Report) and (waits := blocked(report.timeline)):
        yield waits
    error = failure.error
    if isinstance(error, LeakedThread | Livelock) and error.daemons:
        yield "only daemon threads are left: --daemons=allow lets them end with the program"
    if case.why is not None:
        yield shorter(str(case.why))
    yield ""
    yield _drawn(report, console, whole)
    yield ""
    delays = len(schedule)
    if delays:
        held = f"; it preempts a thread for {case.stall:g} s" if case.stall else ""
        yield f"schedule: {schedule}, {delays} delay{'s'[: delays != 1]}{held}"
    else:
        yield "schedule: -, the default one"
    yield f"Again: {again(program, schedule, failure)}"


def _races(result: Result, whole: bool) -> Iterator[str]:
    """Each with the calls that led to both accesses, or just their lines, by variable."""
    if whole:
        for race in result.races:
            yield ""
            yield shorter(str(race))
            yield from _often(result, race)
        return
    on: dict[str, list[Race]] = {}
    for race in result.races:
        on.setdefault(race.location, []).append(race)
    if on:
        yield ""
    for location, races in on.items():
        yield f"data race{'s'[: len(races) != 1]} on {location}"
        for race in races:
            first, second = (shorter(f"{a.kind} {a.file}:{a.line}") for a in race[1:])
            yield f"  {first} and {second}"
            yield from _often(result, race)


def _often(result: Result, race: Race) -> Iterator[str]:
    if race.lines in result.raced:
        yield f"  in {many(result.raced[race.lines])}"


def cut_short(result: Result | None) -> str:
    """What was known when Ctrl-C came, in one line."""
    if result is None or not result.executions:
        return "ended by Ctrl-C before the first execution"
    known = f"Again: {result.again}" if result.found else "nothing found so far"
    return f"ended by Ctrl-C after {_figures(result)}; {known}"


def _drawn(report: Report | Exception, console: Console, whole: bool) -> str:
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
    if result.every and result.found:
        count = len(result.cases)
        left = ", and nothing left to try" if result.exhausted else ""
        return f"found {count} failure{'s'[: count != 1]}{left}: {figures}"
    if result.found:
        return f"found: after {figures}"
    if result.exhausted:
        return f"nothing found, and nothing left to try{within(result)}: {figures}"
    return f"nothing found: {figures}"


def searched(result: Result) -> Iterator[str]:
    """How much that nothing was found is worth, and how to search on."""
    if result.strategy == "replay" or not result.executions:
        return
    if result.threads < 2:
        yield "no second thread ever ran: there was nothing to interleave"
        return
    if result.exhausted:
        return
    pairs, both = result.pairs
    told = [f"{result.distinct:,} distinct schedule{'s'[: result.distinct != 1]}"]
    told.append(f"up to {result.threads:,} threads at once")
    if pairs:
        of = f"{pairs:,} pair{'s'[: pairs != 1]} of conflicting lines"
        told.append(f"{both:,} of {of} in both orders (not all can be)")
    yield f"searched: {', '.join(told)}"
    if result.steps / result.executions <= SMALL and result.strategy != "exhaustive":
        yield "so small a program may be searched in full: --strategy exhaustive"
    else:
        yield f"to search on: --executions {10 * result.executions}, or --seconds"


SMALL = 60
"""Steps of an execution up to which the exhaustive search is worth a try."""

FEW = "with so few delays (--bound)"
"""The condition of the strategy ``bounded``."""


def within(result: Result) -> str:
    """On which conditions nothing was left to try."""
    conditions = []
    if result.strategy == "bounded":
        conditions.append(FEW)
    if math.isfinite(result.longest_stall):
        conditions.append(f"with no thread preempted for longer than {result.longest_stall:g} s")
    return " ".join(["", *conditions])


def _figures(result: Result) -> str:
    return f"{made(result.executions, result.cut_off)} in {result.seconds:.2f} s"


def made(executions: int, cut_off: int) -> str:
    """How many, and of how many nothing is known."""
    return many(executions) + (f", and {cut_off:,} cut off," if cut_off else "")


def many(executions: int) -> str:
    return f"{executions:,} execution{'s'[: executions != 1]}"


def shorter(text: str) -> str:
    """Without the present folder before each file."""
    return text.replace(os.getcwd() + os.sep, "")
