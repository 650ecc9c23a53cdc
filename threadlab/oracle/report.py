"""Says, of calls that no order explains, what is odd about them."""

from collections.abc import Sequence

from threadlab.oracle.history import BESIDE, Call, Outcome
from threadlab.oracle.order import Attempt, Consistency, Explanation, Same, needed
from threadlab.oracle.specification import Specification

OF = {
    "linearizable": "linearizable",
    "sequential": "sequentially consistent",
    "quiescent": "quiescently consistent",
}


def text(
    calls: Sequence[Call],
    specification: Specification,
    explanation: Explanation,
    consistency: Consistency,
    same: Same,
) -> str:
    """A headline, the history as a table, and the order that comes closest."""
    few = needed(calls, specification, consistency, same=same)
    lines = [_headline(calls, few, explanation.closest)]
    lines += [f"So it is not {OF[consistency]}.", "", *table(calls)]
    return "\n".join([*lines, "", *_closest(calls, explanation.closest)])


def _headline(calls: Sequence[Call], few: Sequence[int], closest: Attempt | None) -> str:
    following = closest.next if closest is not None else {}
    waiting = [p for p, outcomes in following.items() if outcomes and calls[p].outcome is None]
    if waiting and all(calls[place].outcome is None for place in following):
        which = " and ".join(f"{calls[place]} {_where(calls[place])}" for place in waiting)
        verb, whose = ("return", "one") if len(waiting) > 1 else ("returns", "it")
        return f"{which} never {verb}, and in every order of the calls {whose} would"
    ended = " and ".join(f"{calls[p]} {_past(calls[p])} {_where(calls[p])}" for p in few)
    return f"no order of the calls explains that {ended}"


def _where(call: Call) -> str:
    return f"in {call.thread}" if call.part == BESIDE else call.thread


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


def _closest(calls: Sequence[Call], closest: Attempt | None) -> list[str]:
    if closest is None:
        return []
    lines = ["The order that explains most:"]
    lines += [f"  {calls[p]} {_past(calls[p])}, {calls[p].thread}" for p in closest.order]
    for place, outcomes in closest.next.items():
        call = calls[place]
        if outcomes or call.outcome is not None:
            lines.append(f"  then {call} of {call.thread} {_would(outcomes)}; it {_past(call)}")
    return lines


def _would(outcomes: Sequence[Outcome]) -> str:
    """What a call would have come to."""
    if not outcomes:
        return "would wait"
    return "would have " + " or ".join(
        dict.fromkeys(outcome.past.replace("gave", "given", 1) for outcome in outcomes)
    )
