"""``python -m tests.mutation``: try every mutant, compare the survivors with the list.

Exit status 0: each was killed, or is listed as equivalent; 1: the list, or the score in
``tests/README.md``, is not what was found; 2: wrong usage; 130: interrupted.
"""

import argparse
import os
import queue
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TypeVar

from tests.mutation import equivalents
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.trial import ROOT, STAGES, Copy

README = ROOT / "tests" / "README.md"

T = TypeVar("T")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="default: one a CPU")
    parser.add_argument(
        "--only", metavar="TEXT", default="", help="only the mutants whose description has TEXT"
    )
    parser.add_argument("--list", action="store_true", help="print the mutants, and try none")
    options = parser.parse_args(arguments)
    paths = sorted((ROOT / "threadprims").glob("*.py"))
    every = [mutant for path in paths for mutant in mutants(path, ROOT)]
    chosen = [mutant for mutant in every if options.only in str(mutant.change)]
    if options.list:
        print(*(mutant.change for mutant in chosen), sep="\n")
        return 0
    outcomes = try_all(chosen, options.jobs)
    return judge(outcomes, whole=len(chosen) == len(every))


def try_all(chosen: list[Mutant], jobs: int) -> dict[Mutant, str]:
    """What became of each, tried by ``jobs`` workers."""
    begun = time.monotonic()
    outcomes: dict[Mutant, str] = {}
    with tempfile.TemporaryDirectory() as directory:
        copies = [Copy(Path(directory, str(number))) for number in range(jobs)]
        free: queue.SimpleQueue[Copy] = queue.SimpleQueue()
        for copy in copies:
            free.put(copy)

        def in_a_copy(act: Callable[[Copy], T]) -> T:
            copy = free.get()
            try:
                return act(copy)
            finally:
                free.put(copy)

        def check(stage: str) -> None:
            in_a_copy(lambda copy: copy.check(stage))

        def try_out(mutant: Mutant) -> str:
            return in_a_copy(lambda copy: copy.try_out(mutant))

        with ThreadPoolExecutor(jobs) as executor:
            try:
                list(executor.map(check, STAGES))
                futures = {executor.submit(try_out, mutant): mutant for mutant in chosen}
                for future in as_completed(futures):
                    mutant = futures[future]
                    outcomes[mutant] = future.result()
                    if outcomes[mutant] not in STAGES:
                        print(f"{outcomes[mutant]}: {mutant.change}", flush=True)
                    progress(len(outcomes), len(chosen), time.monotonic() - begun)
            except BaseException:
                executor.shutdown(wait=False, cancel_futures=True)
                for copy in copies:
                    copy.end()
                raise
    return {mutant: outcomes[mutant] for mutant in chosen}


def progress(done: int, of: int, seconds: float) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == of else "\r"
        print(f"{done} of {of}, {seconds / 60:.1f} min", end=end, file=sys.stderr, flush=True)


def judge(outcomes: dict[Mutant, str], *, whole: bool) -> int:
    """Print what was found; 1 if it is not what the list and the README say, else 0."""
    survivors = [mutant.change for mutant, outcome in outcomes.items() if outcome == "survived"]
    tried = [mutant.change for mutant in outcomes]
    known = equivalents.listed()
    if not whole:
        known = [change for change in known if change in tried]
    faults = equivalents.compare(survivors, tried, known)
    for fault, changes in faults.items():
        if changes:
            print(f"\n{fault}:", *changes, sep="\n")
    counts = Counter(outcomes.values())
    print(f"\n{', '.join(f'{count} {outcome}' for outcome, count in counts.most_common())}")
    killed = len(outcomes) - len(survivors)
    score = f"{len(outcomes)} mutants: {killed} killed, {len(survivors)} equivalent"
    wrong = any(faults.values())
    if not wrong:
        print(score)
    if whole and not wrong and score not in README.read_text(encoding="utf-8"):
        print("tests/README.md says otherwise")
        wrong = True
    return int(wrong)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        sys.exit(130)
