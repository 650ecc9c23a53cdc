"""The search for an order beside detangle's and simloom's: ``python -m tests.benchmarks.oracle``.

Both are tools for asyncio that have a checker of linearizability. All judge the same random
histories of a register in one process, in turn; what is timed is the judging, from a history in the
tool's own form. They must agree.
"""

import argparse
import platform
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.lab.histories import INITIAL, Call, Outcome, history, is_linearizable

Checker = Callable[[Sequence[Call]], Callable[[], bool]]
"""Puts a history in the tool's own form, and returns what judges it."""

SHAPES = [(3, 4), (4, 6)]


def ours(calls: Sequence[Call]) -> Callable[[], bool]:
    return lambda: is_linearizable(calls)


def detangle(calls: Sequence[Call]) -> Callable[[], bool]:
    from detangle import lin

    names = {"read": "read", "write": "write", "swap": "cas"}
    model = lin.Register(INITIAL)
    operations = []
    for index, call in enumerate(calls):
        assert call.responded is not None
        operations.append(
            lin.Operation(
                index=index,
                process=call.thread,
                f=names[call.name],
                arg=call.args[0] if call.name == "write" else call.args or None,
                call=call.invoked,
                call_time=call.invoked,
                output=_result(call),
                status="ok",
                ret=call.responded,
                ret_time=call.responded,
            )
        )
    return lambda: bool(lin.check(operations, model).ok)


def simloom(calls: Sequence[Call]) -> Callable[[], bool]:
    from simloom import RegisterHistory, check_linearizable

    names = {"read": "read", "write": "write", "swap": "cas"}
    made = RegisterHistory()
    moments: list[tuple[int, Call, bool]] = []
    for call in calls:
        assert call.responded is not None
        moments += [(call.invoked, call, False), (call.responded, call, True)]
    going: dict[int, Any] = {}
    for _, call, ends in sorted(moments, key=lambda moment: moment[0]):
        if ends:
            going.pop(call.number).complete(_result(call))
        else:
            process = int(call.thread.rpartition("-")[2])
            going[call.number] = made.invoke("x", names[call.name], *call.args, process=process)
    return lambda: bool(check_linearizable(made, initial=INITIAL))


def _result(call: Call) -> object:
    assert isinstance(call.outcome, Outcome)
    return call.outcome.value


CHECKERS: dict[str, Checker] = {"ours": ours, "detangle": detangle, "simloom": simloom}


def main() -> None:
    parser = argparse.ArgumentParser(description="Judge random histories, beside the peers.")
    parser.add_argument("--histories", type=int, default=1000, help="of each shape")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {options.histories:,} histories of each shape")
    print("median ms a history (largest)")
    for threads, calls in SHAPES:
        for wrong in (0.0, 0.1):
            choose = random.Random(f"{threads} {calls} {wrong}")
            spent: dict[str, list[float]] = {name: [] for name in CHECKERS}
            explained = 0
            for _ in range(options.histories):
                made = history(choose, threads, calls, wrong)
                verdicts = {}
                for name, checker in CHECKERS.items():
                    judge = checker(made)
                    begin = time.perf_counter()
                    verdicts[name] = judge()
                    spent[name].append(1000 * (time.perf_counter() - begin))
                if len(set(verdicts.values())) > 1:
                    raise SystemExit(f"they do not agree: {verdicts} of {made}")
                explained += verdicts["ours"]
            figures = ", ".join(
                f"{name} {statistics.median(times):.3f} ({max(times):.1f})"
                for name, times in spent.items()
            )
            print(f"{threads} threads, {calls} calls each, {explained:,} explained: {figures}")


if __name__ == "__main__":
    main()
