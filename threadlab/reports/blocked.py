"""Who waits for whom when nobody can go on, in a line: the first thing to know of a deadlock.

What is known is who holds a lock and who joins whom. Who would have set an event, or put an item,
nobody can say; then it says what is waited for, and that nobody is left to do it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from threadlab.reports.timeline import Event, Timeline

MOST = 4
"""Threads that are told."""


class _Wait(NamedTuple):
    what: str
    lock: str
    thread: int


def blocked(timeline: Timeline) -> str:
    """As *A holds `x` and waits for `y`, which B holds; B holds `y` and waits for `x`, which A
    holds*; empty if the execution did not end in a deadlock."""
    left = {event.thread for event in timeline.events if _is_deadlock(event)}
    waits: dict[int, _Wait] = {}
    holders: dict[str, list[int]] = {}
    for event in timeline.events:
        if event.kind == "wait":
            lock, held, _ = event.what.partition(", held by ")
            waits[event.thread] = _Wait(event.what, lock if held else "", event.other)
        elif event.kind == "acquire":
            holders.setdefault(event.what, []).append(event.thread)
        elif event.kind == "release" and event.thread in holders.get(event.what, ()):
            holders[event.what].remove(event.thread)
    waits = {thread: wait for thread, wait in waits.items() if thread in left}
    for thread, wait in waits.items():
        if holders.get(wait.lock):
            waits[thread] = wait._replace(thread=holders[wait.lock][0])
    names = timeline.threads
    for cycle in _cycles({thread: wait.thread for thread, wait in waits.items()}):
        wanted = {waits[thread].lock for thread in cycle} - {""}
        told = [_said(names, thread, waits[thread], wanted, holders) for thread in cycle[:MOST]]
        more = len(cycle) - MOST
        return "; ".join(told) + (f"; and so on, {more:,} more threads" if more > 0 else "")
    alike: dict[str, list[int]] = {}
    for thread, wait in sorted(waits.items()):
        if wait.thread not in left:
            alike.setdefault(wait.what, []).append(thread)
    said = []
    for what, threads in alike.items():
        others = f" and {len(threads) - 1:,} more wait" if len(threads) > 1 else " waits"
        said.append(f"{names[threads[0]]}{others} for {_quoted(what)}")
    if not said:
        return ""
    more = len(said) - MOST
    few = said[:MOST] + ([f"{more:,} more wait for something else"] if more > 0 else [])
    return f"{'; '.join(few)}; no thread is left that could see to it"


def _is_deadlock(event: Event) -> bool:
    return event.kind == "fail" and event.what == "deadlock"


def _cycles(waits_for: dict[int, int]) -> Iterator[list[int]]:
    """Threads each of which waits for the next, and the last for the first."""
    seen: set[int] = set()
    for first in sorted(waits_for):
        path: list[int] = []
        thread = first
        while thread in waits_for and thread not in seen:
            seen.add(thread)
            path.append(thread)
            thread = waits_for[thread]
        if thread in path:
            yield path[path.index(thread) :]


def _said(
    names: tuple[str, ...],
    thread: int,
    wait: _Wait,
    wanted: set[str],
    holders: dict[str, list[int]],
) -> str:
    has = [f"`{lock}`" for lock in sorted(wanted) if thread in holders.get(lock, ())]
    holds = f"holds {' and '.join(has)} and " if has else ""
    other = names[wait.thread] if wait.thread != thread else "it"
    what = f"`{wait.lock}`, which {other} holds" if wait.lock else wait.what
    return f"{names[thread]} {holds}waits for {what}{' itself' if other == 'it' else ''}"


def _quoted(what: str) -> str:
    """With the name in it set apart: a notify of `cv`, `done` to be set."""
    pattern = r"((?:notify of|release of|item in|room in|others at|all of|result of) )(\S+)"
    return re.sub(pattern, r"\1`\2`", re.sub(r"^(\S+)( to be set)$", r"`\1`\2", what))
