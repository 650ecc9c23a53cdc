"""Whether what is made small could be smaller: ``python -m tests.lab.smallest``.

A failing execution of a hundred switches is made one of a few delays, by leaving out what is not
needed, and at last by trying what is left to try as far as a budget goes. Here there is no budget:
all schedules with fewer delays are tried, in programs so small that it can be done.
"""

import argparse
from collections.abc import Sequence

from tests.benchmarks.bugs import chosen, line
from tests.benchmarks.yardstick.programs import PROGRAMS
from threadlab import explore
from threadlab.program import Program, quiet
from threadlab.schedule import STALL
from threadlab.search.executions import Executions, Setup
from threadlab.search.result import Sort
from threadlab.strategies import Setting
from threadlab.strategies.bounded import Bounded

MOST = 3
"""Delays of the schedules that are tried, at most."""

SMALL = (
    *("account", "bluetooth_driver", "bounded_buffer", "carter01", "circular_buffer"),
    *("deadlock01", "lazy01", "philosophers2", "philosophers3", "reorder_3", "stack"),
    *("state_work_steal_queue", "stringbuffer", "token_ring", "twostage", "wronglock_3"),
)
"""Those that need a delay, and have few steps."""

STRATEGIES = ("portfolio", "random", "pos", "feedback")


def fewest(spec: str, sort: Sort, below: int) -> int:
    """The fewest delays with which it fails so; ``below``, if it does with no fewer than these.

    Those of one number are all tried before any of the next.
    """
    setup = Setup(Program.parse(spec), "bounded", 0, 0, STALL, "off")
    executions = Executions(setup)
    bound = min(below - 1, MOST)
    bounded = Bounded(Setting(executions.simulation, 0, bound, lambda *delay: True))
    with quiet(executions.kernel):
        while (plan := bounded.next()) is not None:
            if sort in executions.sorts(plan):
                return len(executions.kernel.taken)
            bounded.done()
    return below


def found(name: str, strategy: str, seed: int) -> tuple[Sort, int] | None:
    """How it fails, and with how many delays in the end; none if nothing is found."""
    result = explore(PROGRAMS[name].spec, strategy=strategy, seed=seed, races="off")
    if result.failure is None or result.schedule is None:
        return None
    return result.failure.sort, len(result.schedule)


def compare(name: str, strategies: Sequence[str], seeds: int) -> int:
    """Print how often there are so many delays, and how few there could be; how often not so."""
    known: dict[tuple[Sort, int], int] = {}
    larger = 0
    for strategy in strategies:
        cells = []
        for seed in range(seeds):
            if (end := found(name, strategy, seed)) is None:
                cells.append("-")
                continue
            sort, delays = end
            if end not in known:
                known[end] = fewest(PROGRAMS[name].spec, sort, delays)
            larger += known[end] < delays
            cells.append(f"{delays}" if known[end] == delays else f"{delays} for {known[end]}")
        line(f"{name}, {strategy}", *cells)
    return larger


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.lab.smallest",
        description="The delays of the schedules that searches end with, by seed: `3 for 2` where "
        f"there is one of two delays. Schedules of more than {MOST} are not tried. Exit status 1: "
        "there is such a one.",
    )
    parser.add_argument("--programs", help="some of them, as account,stack (default: all)")
    parser.add_argument("--strategies", help="some of them, as pos,random (default: all)")
    parser.add_argument("--seeds", type=int, default=3, help="from 0 on (default: 3)")
    options = parser.parse_args(arguments)
    names = chosen(parser, "program", options.programs, SMALL)
    strategies = chosen(parser, "strategy", options.strategies, STRATEGIES)
    larger = sum(compare(name, strategies, options.seeds) for name in names)
    print(f"with more delays than it takes: {larger}")
    return 1 if larger else 0


if __name__ == "__main__":
    raise SystemExit(main())
