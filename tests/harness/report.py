"""What a search has found, as text for a person: what broke, how, and the line to see it again."""

import os
from collections.abc import Iterator

from tests.harness.explore import Result


def report(result: Result, script: str) -> Iterator[str]:
    """The lines. ``script`` is what was explored, as the user wrote it."""
    yield _summary(result)
    for race in result.races:
        yield ""
        yield _shorter(str(race))
    failure = result.failure
    if failure is None:
        return
    yield ""
    yield f"{failure.kind} in {failure.thread}: {failure.message}"
    if failure.location:
        yield f"at {_shorter(failure.location)}"
    if failure.kind != "race":
        yield from (f"  {line}" for line in _shorter(failure.details()).splitlines())
    yield ""
    delays = len(result.schedule or ())
    if delays:
        yield f"schedule: {result.schedule}, {delays} delay{'s'[: delays != 1]}"
    else:
        yield "schedule: -, the ordinary run"
    yield from (f"  {_shorter(line)}" for line in result.story)
    yield ""
    yield f"Again: python -m tests.harness explore {script} --replay {result.schedule}"


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
