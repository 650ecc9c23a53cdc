"""One peer on one program: ``python -m tests.benchmarks.bug_peers PEER PROGRAM SEEDS SECONDS``.

Prints a line of JSON for each seed, `Search` by name, as soon as it is known. Each peer runs in a
process of its own, because they patch ``threading`` for the whole process, and because a search
of theirs may leave threads behind, or never end. All look for deadlocks, none tries a failure
again once it has been found, and their imports and their first execution are not counted.
"""

import argparse
import dataclasses
import faulthandler
import json
import os
import sys
import textwrap
from collections.abc import Callable
from functools import partial
from time import perf_counter  # which no peer replaces
from typing import Any

from tests.benchmarks.yardstick.parts import Parts
from tests.benchmarks.yardstick.programs import PROGRAMS
from tests.real import BUGS

EXECUTIONS = 10_000
"""How many executions a search has at most, as in the study."""

GRACE = 40
"""Seconds after which a search that should have ended is ended, with its process."""

IN_VAIN = 3
"""What finds nothing with so many seeds at first is not run with the others."""


WARM_UP = PROGRAMS["deadlock01"].sound_parts


def parts_of(name: str) -> tuple[Parts, str]:
    """Of a program of the yardstick, or a bug of the corpus, and the type of what it raises."""
    parts = BUGS[name].parts if name in BUGS else None
    return (parts, BUGS[name].exception) if parts else (PROGRAMS[name].parts, "AssertionError")


NAMES = [*PROGRAMS, *(name for name, bug in BUGS.items() if bug.parts)]


@dataclasses.dataclass(frozen=True)
class Search:
    """``note`` is why it ended early, if it did and has found nothing."""

    found: bool
    executions: int
    seconds: float
    note: str = ""


def interleave(
    strategy: str, parts: Parts, raises: str, seed: int, seconds: float, executions: int
) -> Search:
    import interleave_test

    base: Any = {
        "random": interleave_test.RandomStrategy,
        "pct": interleave_test.PCTStrategy,  # of depth 3
    }[strategy]
    begin = perf_counter()

    class Limited(base):  # type: ignore[misc]
        """It has no limit of time of its own."""

        def more(self) -> bool:
            return perf_counter() - begin < seconds

    result = interleave_test.explore(
        parts.run, strategy=Limited(), iterations=executions, seed=seed, raise_on_failure=False
    )
    spent = perf_counter() - begin
    failure = result.failure
    if failure is None:
        return Search(False, result.schedules_run, spent)
    found = failure.kind == "deadlock" or type(failure.exception).__name__ == raises
    note = "" if found else f"{failure.kind}: {failure.exception or failure.details}"
    return Search(found, result.schedules_run, spent, in_one_line(note))


def frontrun(
    strategy: str, parts: Parts, raises: str, seed: int, seconds: float, executions: int
) -> Search:
    import frontrun

    options: dict[str, Any] = {
        "random": {"strategy": "random", "max_attempts": executions, "seed": seed},
        "dpor": {"strategy": "dpor", "max_executions": executions},
        "dpor-unbounded": {
            "strategy": "dpor",
            "max_executions": executions,
            "preemption_bound": None,
        },
    }[strategy]
    begun = 0

    def setup() -> Any:
        nonlocal begun
        begun += 1
        return parts.setup()

    begin = perf_counter()
    try:
        result = frontrun.explore(
            setup=setup,
            workers=list(parts.workers),
            invariant=parts.check,
            total_timeout=seconds,
            detect_io=False,
            reproduce_on_failure=0,
            **options,
        )
    except Exception as error:  # of a worker: a result of "random", but it goes through "dpor"
        if type(error).__name__ != raises:
            raise
        return Search(True, begun, perf_counter() - begin)
    spent = perf_counter() - begin
    if result.property_holds is False:
        return Search(True, begun, spent)
    note = result.inconclusive_reason or ""
    if result.property_holds and begun < executions and spent < seconds:
        note = f"holds, it says, after {begun} executions"
    return Search(False, begun, spent, in_one_line(note))


PEERS: dict[str, Callable[[Parts, str, int, float, int], Search]] = {
    "interleave-test": partial(interleave, "random"),
    "interleave-test-pct": partial(interleave, "pct"),
    "frontrun": partial(frontrun, "random"),
    "frontrun-dpor": partial(frontrun, "dpor"),
    "frontrun-dpor-unbounded": partial(frontrun, "dpor-unbounded"),
}


def in_one_line(text: object) -> str:
    return textwrap.shorten(str(text), 72, placeholder=" ...")


def main() -> None:
    parser = argparse.ArgumentParser(description="prints what one peer finds, in JSON")
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("program", choices=NAMES)
    parser.add_argument("seeds", type=int)
    parser.add_argument("seconds", type=float, help="for each search, at most")
    arguments = parser.parse_args()
    search = PEERS[arguments.peer]
    parts, raises = parts_of(arguments.program)
    search(WARM_UP, "", 0, arguments.seconds, 1)
    found = False
    for seed in range(arguments.seeds):
        faulthandler.dump_traceback_later(arguments.seconds + GRACE, exit=True)
        result = search(parts, raises, seed, arguments.seconds, EXECUTIONS)
        faulthandler.cancel_dump_traceback_later()
        sys.stdout.write(json.dumps(dataclasses.asdict(result)) + "\n")
        sys.stdout.flush()
        found = found or result.found
        if not found and seed + 1 == IN_VAIN:
            break
    os._exit(0)  # without waiting for threads that a peer has given up


if __name__ == "__main__":
    main()
