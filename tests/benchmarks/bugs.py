"""How long it takes to find bugs: ``python -m tests.benchmarks.bugs``.

How fast executions are is worth only what they find. This measures both at once, on programs whose
bugs are known, after those of a study of the matter: the executions and the seconds to the first
failure, of each strategy of ours and of the peers, on the same files. What is not found within
the limits counts as if it had been found at the limit, which flatters whoever has not found it.
"""

import argparse
import importlib.metadata
import json
import math
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence

from tests.benchmarks import published
from tests.benchmarks.bug_peers import EXECUTIONS, IN_VAIN, Search, in_one_line
from tests.benchmarks.speed import versions
from tests.benchmarks.yardstick.programs import BESIDE, HARD, PROGRAMS
from threadlab import explore

OURS = ("portfolio", "random", "pct", "pos", "feedback", "bounded")
"""The first is the default."""

PEERS = {
    "interleave-test": ("interleave-test", "interleave-test, random", False),
    "interleave-test-pct": ("interleave-test", "interleave-test, pct", False),
    "frontrun": ("frontrun", "frontrun, random", False),
    "frontrun-dpor": ("frontrun", "frontrun, dpor", True),
    "frontrun-dpor-unbounded": ("frontrun", "frontrun, dpor, unbounded", True),
}
"""By name in `tests.benchmarks.bug_peers`: the package, the title, and whether seeds are moot."""

SOUND_EXECUTIONS = 2000
"""How many executions of each fixed program are to find nothing."""


class Row:
    """The searches of one strategy for one bug."""

    def __init__(self, title: str, searches: Sequence[Search], note: str = "") -> None:
        self.title = title
        self.searches = searches
        self.note = note or next((search.note for search in searches if search.note), "")

    @property
    def found(self) -> int:
        return sum(search.found for search in self.searches)

    @property
    def found_by_all(self) -> bool:
        return 0 < self.found == len(self.searches)

    @property
    def found_at_once(self) -> bool:
        return self.found_by_all and all(search.executions == 1 for search in self.searches)

    def executions(self) -> list[float]:
        return [search.executions if search.found else math.inf for search in self.searches]

    def seconds(self) -> list[float]:
        return [search.seconds if search.found else math.inf for search in self.searches]

    def median_seconds(self, limit: float) -> float:
        return min(median(self.seconds()), limit)


def median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else math.inf


def ours(spec: str, strategy: str, seeds: int) -> Row:
    searches = []
    for seed in range(seeds):
        result = explore(
            spec,
            strategy=strategy,
            executions=EXECUTIONS,
            seed=seed,
            races="off",  # as the peers do
            small=False,
        )
        searches.append(Search(result.found, result.executions, result.seconds))
        if len(searches) == IN_VAIN and not any(search.found for search in searches):
            break
    return Row(f"ours, {strategy}", searches)


def theirs(peer: str, name: str, seeds: int, seconds: float) -> Row:
    package, title, seeds_are_moot = PEERS[peer]
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return Row(title, [], "not installed")
    seeds = 1 if seeds_are_moot else seeds
    command = [sys.executable, "-m", "tests.benchmarks.bug_peers", peer, name]
    command += [str(seeds), str(seconds)]
    if package == "frontrun":  # it refuses to work without its own launcher
        command[:0] = [sys.executable, "-m", "frontrun.cli"]
    done = subprocess.run(command, capture_output=True, text=True)
    searches = [Search(**json.loads(line)) for line in done.stdout.splitlines()]
    in_vain = not any(search.found for search in searches)
    expected = min(seeds, IN_VAIN) if in_vain else seeds
    if len(searches) == expected:
        return Row(title, searches)
    lines = [line for line in done.stderr.splitlines() if line.strip()] or ["no output"]
    hung = any(line.startswith("Timeout (") for line in lines)
    note = "hung, and was ended" if hung else "failed: " + in_one_line(lines[-1])
    searches += [Search(False, 0, 0.0, note)] * (expected - len(searches))
    return Row(title, searches, note)


def measure(
    names: Iterable[str], strategies: Sequence[str], seeds: int, seconds: float, peers: bool
) -> list[list[Row]]:
    """Print and return the rows of each program."""
    programs = []
    for name in names:
        line(name, "found", "executions", "worst", "seconds", "worst")
        rows = []
        for strategy in strategies:
            progress(f"{name}: ours, {strategy}")
            rows.append(ours(PROGRAMS[name].spec, strategy, seeds))
            show(rows[-1], seconds)
        for peer in PEERS if peers else ():
            progress(f"{name}: {PEERS[peer][1]}")
            rows.append(theirs(peer, name, seeds, seconds))
            show(rows[-1], seconds)
        programs.append(rows)
        print()
    return programs


def show(row: Row, limit: float) -> None:
    progress("")
    if not row.searches:
        line(row.title, f"  {row.note}")
        return
    executions, seconds = row.executions(), row.seconds()
    line(
        row.title,
        f"{row.found}/{len(row.searches)}",
        count(median(executions)),
        count(max(executions)),
        duration(median(seconds), limit),
        duration(max(seconds), limit),
        f"  {row.note}" if row.note else "",
    )


def compare(names: Iterable[str], strategies: Sequence[str], seeds: int) -> None:
    """Print what is published of each program beside the medians of ours."""
    line("executions", *published.SEARCHES, *strategies)
    for name in names:
        cells = []
        for strategy in strategies:
            progress(f"{name}: {strategy}")
            cells.append(typical(ours(PROGRAMS[name].spec, strategy, seeds)))
        progress("")
        line(name, *published.EXECUTIONS[name], *cells)


def summarize(title: str, programs: list[list[Row]], limit: float) -> None:
    """For each strategy: how many it found with all seeds, and the median of the medians."""
    line(title, "found by all", "seconds", "to ours")
    first = 0.0
    for rows in zip(*programs, strict=True):
        if not rows[0].searches:
            line(rows[0].title, f"  {rows[0].note}")
            continue
        found = sum(row.found_by_all for row in rows)
        seconds = median([row.median_seconds(limit) for row in rows])
        first = first or seconds
        line(
            rows[0].title,
            f"{found}/{len(rows)}",
            duration(seconds if seconds < limit else math.inf, limit),
            f"{seconds / first:,.1f}",
        )
    print()


def flagged(names: Iterable[str]) -> list[str]:
    """What ours says of the fixed programs, of which there is nothing to be said."""
    complaints = []
    for name in names:
        progress(f"{name}, fixed")
        result = explore(PROGRAMS[name].sound_spec, executions=SOUND_EXECUTIONS, races="report")
        if result.found:
            complaints.append(f"{name}: a failure at execution {result.executions}")
        if result.races:
            complaints.append(f"{name}: {len(result.races)} races, as {result.races[0]}")
    progress("")
    return complaints


def typical(row: Row) -> str:
    """The median of the executions; how many found it, where that is fewer than half."""
    executions = median(row.executions())
    if not math.isinf(executions):
        return count(executions)
    return f"{row.found} of {len(row.searches)}" if row.found else "none"


def count(number: float) -> str:
    return "-" if math.isinf(number) else f"{number:,.0f}"


def duration(seconds: float, limit: float) -> str:
    return f">{limit:g}" if math.isinf(seconds) else f"{seconds:.4f}"


def line(title: str, *cells: str) -> None:
    print((f"{title:<27}" + "".join(f"{cell:>13}" for cell in cells)).rstrip(), flush=True)


def progress(what: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{what}")
        sys.stderr.flush()


def chosen(
    parser: argparse.ArgumentParser, kind: str, names: str | None, known: Sequence[str]
) -> Sequence[str]:
    if names is None:
        return known
    some = names.split(",")
    if unknown := [name for name in some if name not in known]:
        parser.error(f"no {kind} {unknown[0]!r}; there are {', '.join(known)}")
    return some


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.bugs",
        description="Executions and seconds to the first failure of programs with known bugs, "
        "beside interleave-test and frontrun if they are installed. Exit status 1: the default "
        f"strategy missed one (other than {HARD}), or flagged a fixed one.",
    )
    parser.add_argument("--programs", help="some of them, as account,stack (default: all)")
    parser.add_argument("--strategies", help="some of ours, as pos,pct (default: all)")
    parser.add_argument("--seeds", type=int, default=10, help="from 0 on (default: 10)")
    parser.add_argument(
        "--seconds", type=float, default=20.0, help="for each search of a peer (default: 20)"
    )
    parser.add_argument("--skip-peers", action="store_true", help="only ours")
    parser.add_argument(
        "--published",
        action="store_true",
        help="only the executions of ours, beside those of the best published searches",
    )
    options = parser.parse_args(arguments)
    known = [*published.EXECUTIONS] if options.published else [*PROGRAMS]
    names = chosen(parser, "program", options.programs, known)
    strategies = chosen(parser, "strategy", options.strategies, OURS)
    if options.seeds < 1:
        parser.error("--seeds must be at least one")
    if not 0 < options.seconds < 3600:
        parser.error("--seconds must be more than zero, and less than an hour")
    print(versions())
    print(f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    if options.published:
        compare(names, strategies, options.seeds)
        return
    programs = measure(names, strategies, options.seeds, options.seconds, not options.skip_peers)
    study = [rows for name, rows in zip(names, programs, strict=True) if name not in BESIDE]
    harder = [rows for rows in programs if not rows[0].found_at_once]
    for title, some in (
        (f"all {len(programs)} programs", programs),
        (f"the {len(study)} of the study", study),
        (f"the {len(harder)} not found at once", harder),
    ):
        if some:
            summarize(title, some, options.seconds)
    missed = [name for name, rows in zip(names, programs, strict=True) if not rows[0].found_by_all]
    complaints = flagged(names)
    print(f"missed by ours, {strategies[0]}: {', '.join(missed) or 'none'}")
    print(
        f"flagged of {len(names)} fixed programs, {SOUND_EXECUTIONS:,} executions of each: "
        f"{'; '.join(complaints) or 'none'}"
    )
    sys.exit(1 if {*missed} - {HARD} or complaints else 0)


if __name__ == "__main__":
    main()
