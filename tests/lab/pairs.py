"""Which calls are made at once: ``python -m tests.lab.pairs`` renews the table in tests/README.md.

By G4 every two methods of an object may be called at once by two threads. A law that no property
puts to that test is not tested there, so it is measured: while a property runs in the simulated
world, each call notes who is inside the same object. For `start`, `running` and `countdown`, which
have no object, that is what they are called with, or they themselves.
"""

import functools
import inspect
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from greenlet import getcurrent
from hypothesis import settings

from tests.lab.law_table import README, replaced
from threadlab.worlds.simulated import SimulatedWorld
from threadlab.worlds.subjects import Subject

CALLS = {
    "countdown": ["countdown"],
    "CountdownTask": ["run", "terminate", "terminated"],
    "IOTask": ["run", "terminate", "terminated"],
    "start": ["start"],
    "running": ["running"],
    "PeriodicTimer": ["start", "stop", "wait_for_tick", "ticks", "__iter__", "__next__"],
}
"""What can be called, by what has it. ``__next__`` is of what ``iter`` returns."""

READS = {"terminated", "ticks"}
"""What only looks, in one step: two of these are never seen at once, and have nothing to break."""


Pair = tuple[str, str, str]
"""Owner, and two of its calls in their order there."""


def pairs() -> list[Pair]:
    """All pairs that there are, those of a call with itself among them."""
    return [
        (owner, one, other)
        for owner, calls in CALLS.items()
        for place, one in enumerate(calls)
        for other in calls[place:]
        if not {one, other} <= READS
    ]


seen: set[Pair] = set()
"""Which were inside one object at a time, in two threads. Here, where no world puts it back."""

_inside: dict[tuple[str, int], list[tuple[object, str]]] = {}


@contextmanager
def _noted(owner: str, call: str, thing: object) -> Iterator[None]:
    place, mine = (owner, id(thing)), (getcurrent(), call)
    within = _inside.setdefault(place, [])
    for task, other in within:
        if task != mine[0]:
            one, another = sorted((call, other), key=CALLS[owner].index)
            seen.add((owner, one, another))
    within.append(mine)
    try:
        yield
    finally:
        within.remove(mine)
        if not within:
            _inside.pop(place, None)


def watch(subject: Any) -> None:
    """Let each call of ``subject``, a module of a simulated world, note who is inside as well."""
    for owner, calls in CALLS.items():
        thing = getattr(subject, owner)
        if calls == [owner]:
            setattr(subject, owner, _block(thing) if owner == "running" else _function(thing))
        for call in calls if calls != [owner] else ():
            if call == "__next__":  # see _iteration
                continue
            own = inspect.getattr_static(thing, call)
            if isinstance(own, property):
                setattr(thing, call, property(_method(owner, call, own.fget)))
            else:
                its_own = _iteration(own) if call == "__iter__" else own
                setattr(thing, call, _method(owner, call, its_own))


def _method(owner: str, call: str, method: Any) -> Any:
    @functools.wraps(method)
    def noted(self: object, *args: object, **kwargs: object) -> object:
        with _noted(owner, call, self):
            return method(self, *args, **kwargs)

    return noted


def _iteration(iterate: Any) -> Any:
    class Place:
        def __init__(self, timer: object) -> None:
            self.timer, self.place = timer, iterate(timer)

        def __iter__(self) -> Any:
            return self

        def __next__(self) -> int:
            with _noted("PeriodicTimer", "__next__", self.timer):
                return next(self.place)

    return Place


def _function(function: Any) -> Any:
    @functools.wraps(function)
    def noted(*args: object, **kwargs: object) -> object:
        with _noted(function.__name__, function.__name__, function):
            return function(*args, **kwargs)

    return noted


def _block(function: Any) -> Any:
    @contextmanager
    def within(block: Any, task: object) -> Iterator[object]:
        with _noted("running", "running", task), block as thread:
            yield thread

    @functools.wraps(function)
    def noted(task: object, *args: object, **kwargs: object) -> Any:
        return within(function(task, *args, **kwargs), task)

    return noted


def meetings(properties: Collection[str] | None = None) -> Iterator[tuple[Pair, str]]:
    """Each pair that two threads are seen in, and the property that does it: of all, or of these.

    From the same few examples of each.
    """
    import conftest  # noqa: F401  # which registers the profiles
    from tests.lab.test_races import FIXED, PROPERTIES

    world = SimulatedWorld(Subject.load("threadprims", list(CALLS)))
    watch(world.subject)
    for one in PROPERTIES:
        name = f"{one.module}::{one.name}"
        if one.simulated and (properties is None or name in properties):
            seen.clear()
            assert one.failure(world, settings(FIXED, max_examples=10)) is None, one
            for pair in seen:
                yield pair, name


def measured() -> dict[Pair, str]:
    """For each pair the first property."""
    found: dict[Pair, str] = {}
    for pair, name in meetings():
        found.setdefault(pair, name)
    return found


def table(found: dict[Pair, str]) -> str:
    lines = ["| of | two calls at once | property |", "| --- | --- | --- |"]
    for pair in pairs():
        owner, one, other = pair
        of = f"`{found[pair]}`" if pair in found else "none"
        lines.append(f"| `{owner}` | `{one}`, `{other}` | {of} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    text = README.read_text("utf-8")
    README.write_text(replaced(text, "pairs", table(measured())), "utf-8")
