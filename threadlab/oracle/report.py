"""Says, of calls that no order explains, what is odd about them."""

import textwrap
from collections.abc import Sequence

from threadlab.oracle.history import BEFORE, BESIDE, Call, Outcome
from threadlab.oracle.order import (
    Attempt,
    Consistency,
    Explanation,
    Refutation,
    Same,
    needed,
    refutations,
)
from threadlab.oracle.specification import Specification

OF = {
    "linearizable": "linearizable",
    "sequential": "sequentially consistent",
    "quiescent": "quiescently consistent",
}


WIDTH = 100
"""Of a line that can be broken."""

ORDERS = 6
"""As many are told of, each with why it fails; of more than that, the one that explains most."""


def text(
    calls: Sequence[Call],
    specification: Specification,
    explanation: Explanation,
    consistency: Consistency,
    same: Same,
    deadlocked: bool = False,
) -> str:
    """A headline, the history as a table, and why the orders fail, or that which comes closest.

    ``deadlocked``: what never returns waits for locks of each other.
    """
    few = needed(calls, specification, consistency, same=same)
    headline = _headline(calls, few, explanation.closest, deadlocked)
    lines = [*headline, f"So it is not {OF[consistency]}.", "", *table(calls)]
    orders = refutations(calls, specification, consistency, same=same, most=ORDERS)
    closest = _orders(calls, orders) if orders else _closest(calls, explanation.closest)
    return "\n".join([*lines, "", *closest])


def _headline(
    calls: Sequence[Call], few: Sequence[int], closest: Attempt | None, deadlocked: bool
) -> list[str]:
    """What is odd, in a line; if that would be a long one, the rest in lines of their own."""
    following = closest.next if closest is not None else {}
    waiting = [p for p, outcomes in following.items() if outcomes and calls[p].outcome is None]
    if waiting and all(calls[place].outcome is None for place in following):
        which = " and ".join(_called(calls[place]) for place in waiting)
        verb, whose = ("return", "one") if len(waiting) > 1 else ("returns", "it")
        if deadlocked:
            return [f"a deadlock: {which} never {verb}"]
        return [f"{which} never {verb}, and in every order of the calls {whose} would"]
    ended = [f"{calls[p]} {_past(calls[p])} {_where(calls[p])}" for p in few]
    line = f"no order of the calls explains that {' and '.join(ended)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"no order of the calls explains what came of {len(few)} of them:", *_indented(ended)]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _called(call: Call) -> str:
    return f"{call} {_where(call)}"


def _where(call: Call) -> str:
    if call.part == BESIDE:
        return f"in {call.thread}"
    return "before the threads" if call.part == BEFORE else "after the threads"


def _past(call: Call) -> str:
    return "never returned" if call.outcome is None else call.outcome.past


def table(calls: Sequence[Call]) -> list[str]:
    """A column for each thread; each call from its invocation to its response."""
    threads = list(dict.fromkeys(call.thread for call in sorted(calls, key=_place)))
    moments = sorted(
        {(call.invoked, 0, n) for n, call in enumerate(calls)}
        | {(call.responded, 1, n) for n, call in enumerate(calls) if call.responded is not None}
    )
    rows: list[list[str]] = []
    going: dict[str, bool] = dict.fromkeys(threads, False)
    skip: set[tuple[int, int, int]] = set()
    for at, moment in enumerate(moments):
        if moment in skip:
            continue
        _, end, number = moment
        call = calls[number]
        following = moments[at + 1] if at + 1 < len(moments) else None
        row = ["│" if going[thread] else "" for thread in threads]
        column = threads.index(call.thread)
        if end:
            row[column] = f"└ {_past(call)}"
            going[call.thread] = False
        elif following is not None and following[1:] == (1, number):
            row[column] = f"─ {call}: {_past(call)}"
            skip.add(following)
        else:
            row[column] = f"┌ {call}"
            going[call.thread] = True
        rows.append(row)
    if any(going.values()):
        rows.append(["┊ never returns" if going[thread] else "" for thread in threads])
    widths = [
        max(len(name), *(len(row[column]) for row in rows)) for column, name in enumerate(threads)
    ]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [threads, *rows]
    ]


def as_note(calls: Sequence[Call]) -> str:
    """What an error is to say that is none of a call."""
    return "\n".join(["", *table(calls)]) if calls else ""


def as_data(call: Call) -> dict[str, object]:
    """For JSON."""
    return {
        "thread": call.thread,
        "call": str(call),
        "invoked": call.invoked,
        "responded": call.responded,
        "outcome": None if call.outcome is None else call.outcome.past,
    }


def _place(call: Call) -> tuple[int, str]:
    return call.part, call.thread


def _orders(calls: Sequence[Call], orders: Sequence[Refutation]) -> list[str]:
    lines = ["Each order fails:" if len(orders) > 1 else "The only order fails:"]
    for order, place, outcomes in orders:
        first = ", ".join(
            _called(calls[p]) if calls[p].part == BESIDE else str(calls[p]) for p in order
        )
        then = f"{first}, then " if first else ""
        line = f"{then}{_differs(calls[place], outcomes)}"
        lines += textwrap.wrap(line, WIDTH, initial_indent="  ", subsequent_indent="    ")
    return lines


def _closest(calls: Sequence[Call], closest: Attempt | None) -> list[str]:
    if closest is None:
        return []
    lines = ["The order that explains most:"]
    lines += [f"  {calls[p]} {_past(calls[p])} {_where(calls[p])}" for p in closest.order]
    for place, outcomes in closest.next.items():
        call = calls[place]
        if outcomes or call.outcome is not None:
            lines.append(f"  then {_differs(call, outcomes)}")
    return lines


def _differs(call: Call, outcomes: Sequence[Outcome]) -> str:
    """What ``call`` would have come to, and what it has."""
    would = "would have " + " or ".join(dict.fromkeys(outcome.past for outcome in outcomes))
    return f"{_called(call)} {would if outcomes else 'would wait'}; it {_past(call)}"
