"""One peer on the timer script: ``python -m tests.benchmarks.peers PEER SECONDS``.

Prints executions a second. Each peer runs in a process of its own, because they patch ``threading``
and ``time`` for the whole process. Each has those of its settings that are fastest on this script
and do what ours does: a random schedule, no real time spent asleep, every outcome checked.
"""

import argparse
import sys
import time
from collections.abc import Callable

from tests.benchmarks.scenarios import timer

BATCH = 10
"""Executions that a peer is asked for at a time, so that its own setting up is shared."""


def interleave(granularity: str) -> Callable[[int], None]:
    import interleave_test

    def explore(seed: int) -> None:
        result = interleave_test.explore(
            timer.scenario,
            strategy="random",
            granularity=granularity,
            iterations=BATCH,
            seed=seed,
        )
        assert result.ok
        assert result.schedules_run == BATCH

    return explore


def frontrun() -> Callable[[int], None]:
    import frontrun

    def explore(seed: int) -> None:
        result = frontrun.explore(
            setup=lambda: timer.Timer(4),
            workers=[timer.Timer.wait_for_all, timer.Timer.run],
            invariant=lambda state: state.seen == [4],
            strategy="random",
            max_attempts=BATCH,
            detect_io=False,
            seed=seed,
        )
        assert result.property_holds, result.explanation
        assert result.num_explored == BATCH

    return explore


PEERS: dict[str, Callable[[], Callable[[int], None]]] = {
    "interleave-test": lambda: interleave("opcode"),
    "interleave-test-line": lambda: interleave("line"),
    "frontrun": frontrun,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="prints executions a second of one peer")
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("seconds", type=float)
    arguments = parser.parse_args()
    explore = PEERS[arguments.peer]()
    explore(0)  # warm up
    begin = time.perf_counter()
    batches = 0
    while (spent := time.perf_counter() - begin) < arguments.seconds or not batches:
        batches += 1
        explore(batches)
    sys.stdout.write(f"{batches * BATCH / spent}\n")


if __name__ == "__main__":
    main()
