"""One peer on one script: ``python -m tests.benchmarks.peers PEER SCRIPT SECONDS``.

Prints executions a second. Each peer runs in a process of its own, because they patch ``threading``
and ``time`` for the whole process. Each has those of its settings that are fastest on this script
and do what ours does: a random schedule, no real time spent asleep, every outcome checked.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.scenarios import lock, timer


@dataclass(frozen=True)
class Script:
    """A scenario, and its parts for a peer that starts the threads itself.

    ``batch`` executions are asked for at a time, so that the peer's setting up is shared.
    """

    scenario: Callable[[], None]
    setup: Callable[[], Any]
    workers: list[Callable[[Any], None]]
    invariant: Callable[[Any], bool]
    batch: int


def _timer(waiters: int, ticks: int, batch: int) -> Script:
    return Script(
        lambda: timer.scenario(waiters, ticks),
        lambda: timer.Timer(ticks),
        [*[timer.Timer.wait_for_all] * waiters, timer.Timer.run],
        lambda state: state.seen == [ticks] * waiters,
        batch,
    )


SCRIPTS = {
    "timer": _timer(1, 4, 10),
    "large": _timer(8, 1000, 1),
    "lock": Script(
        lock.scenario, lock.Counter, [lock.Counter.work] * 100, lambda s: s.count == 200, 1
    ),
}


def interleave(script: Script, granularity: str) -> Callable[[int], None]:
    import interleave_test

    def explore(seed: int) -> None:
        result = interleave_test.explore(
            script.scenario,
            strategy="random",
            granularity=granularity,
            iterations=script.batch,
            seed=seed,
        )
        assert result.ok
        assert result.schedules_run == script.batch

    return explore


def frontrun(script: Script) -> Callable[[int], None]:
    import frontrun

    def explore(seed: int) -> None:
        result = frontrun.explore(
            setup=script.setup,
            workers=script.workers,
            invariant=script.invariant,
            strategy="random",
            max_attempts=script.batch,
            detect_io=False,
            seed=seed,
        )
        assert result.property_holds, result.explanation
        assert result.num_explored == script.batch

    return explore


PEERS: dict[str, Callable[[Script], Callable[[int], None]]] = {
    "interleave-test": lambda script: interleave(script, "opcode"),
    "interleave-test-line": lambda script: interleave(script, "line"),
    "frontrun": frontrun,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="prints executions a second of one peer")
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("script", choices=SCRIPTS)
    parser.add_argument("seconds", type=float)
    arguments = parser.parse_args()
    script = SCRIPTS[arguments.script]
    explore = PEERS[arguments.peer](script)
    if script.batch > 1:
        explore(0)  # warm up
    begin = time.perf_counter()
    batches = 0
    while (spent := time.perf_counter() - begin) < arguments.seconds or not batches:
        batches += 1
        explore(batches)
    sys.stdout.write(f"{batches * script.batch / spent}\n")


if __name__ == "__main__":
    main()
