"""The table of the corpus, as it stands in the README: ``python -m tests.real``.

The columns are the executions to the first failure, the median of the seeds, of the default
strategy of ours and of the peers on the same files, and how many delays are left of the schedule
that ours has found with seed 0. What the peers say when they give up stands below.
"""

import argparse
import os
import platform
from collections.abc import Sequence

from tests.benchmarks.bugs import PEERS, Row, chosen, ours, progress, theirs, typical
from tests.benchmarks.speed import versions
from tests.real import BUGS, KINDS
from threadlab import explore

SHOWN = ("interleave-test", "frontrun", "frontrun-dpor")
"""Of the peers, by their name in `tests.benchmarks.bugs`."""


def line(bug: str, *cells: str) -> str:
    return (f"{bug:<26}" + "".join(f"{cell:>18}" for cell in cells)).rstrip()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.real", description=__doc__)
    parser.add_argument("--bugs", help="some of them, as rpyc_serve,tqdm_monitor (default: all)")
    parser.add_argument("--seeds", type=int, default=10, help="from 0 on (default: 10)")
    parser.add_argument(
        "--seconds", type=float, default=3.0, help="for each search of a peer (default: 3)"
    )
    parser.add_argument("--skip-peers", action="store_true", help="only ours")
    options = parser.parse_args(arguments)
    names = chosen(parser, "bug", options.bugs, [*BUGS])
    peers = () if options.skip_peers else SHOWN
    print(versions())
    print(f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print(line("", "ours", "delays left", *peers), flush=True)
    notes = []
    for kind in KINDS:
        of_kind = [name for name in names if BUGS[name].kind == kind]
        if of_kind:
            print(kind, flush=True)
        for name in of_kind:
            progress(name)
            rows = [row_of(peer, name, options.seeds, options.seconds) for peer in peers]
            cells = [typical(ours(BUGS[name].spec, "portfolio", options.seeds)), delays(name)]
            progress("")
            print(line(f"  {name}", *cells, *map(cell, rows)), flush=True)
            notes += [
                f"{name}, {peer}: {row.note}"
                for peer, row in zip(peers, rows, strict=True)
                if row.note
            ]
    print("\n" + "\n".join(notes) if notes else "")


def delays(name: str) -> str:
    schedule = explore(BUGS[name].spec).schedule
    return "-" if schedule is None else str(len(schedule))


def row_of(peer: str, name: str, seeds: int, seconds: float) -> Row:
    if BUGS[name].parts is None:
        return Row(PEERS[peer][1], [], "runs no main thread")
    return theirs(peer, name, seeds, seconds)


def cell(row: Row) -> str:
    return typical(row) if row.searches else "-"


if __name__ == "__main__":
    main()
