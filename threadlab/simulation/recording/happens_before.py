"""Data races: two accesses to one location, one of them a write, that nothing orders.

Whether a race is there does not depend on luck: each task has a vector clock, and each location
the times of its last write and of the reads since (FastTrack: Flanagan and Freund, PLDI 2009).
Locks, starts and ends of threads order; so do the methods of built-in containers, which are
atomic, and looking at a lock or an event. When unsure, two accesses are taken for ordered: a
false alarm is as grave as a missed race.
"""

from collections.abc import Hashable
from types import CellType
from typing import Any, Literal, NamedTuple

from threadlab.simulation.frames import own_stack
from threadlab.simulation.inspection import identity, is_a
from threadlab.simulation.instrument.sites import Site
from threadlab.simulation.kernel import Kernel, Task
from threadlab.simulation.recording.lives import Lives


class Access(NamedTuple):
    """One side of a race. ``stack`` is innermost last, a line for each call."""

    kind: Literal["read", "write"]
    thread: str
    file: str
    line: int
    stack: tuple[str, ...]


Lines = frozenset[tuple[str, int]]
"""File and line of both sides of a race, which is what it is known by."""


class Race(NamedTuple):
    """Two accesses to ``location``, in the order of the execution, which nothing orders."""

    location: str
    first: Access
    second: Access

    @property
    def lines(self) -> Lines:
        return frozenset({(a.file, a.line) for a in (self.first, self.second)})

    def __str__(self) -> str:
        sides = (
            f"  {a.kind} in {a.thread}\n" + "\n".join(f"    {line}" for line in a.stack)
            for a in (self.first, self.second)
        )
        return f"data race on {self.location}\n" + "\n".join(sides)


Place = int | tuple[int, tuple[str, ...]]
"""The number of a site; with stacks, that and the calls that led there."""


Order = tuple[tuple[int, ...], int, tuple[int, ...], int]
"""An access and the next of another task that conflicts with it: the task's path, and the site, of
either."""


class Variable:
    """``write`` is the last one, ``reads`` are the last of each task since."""

    __slots__ = ("reads", "write")

    def __init__(self) -> None:
        self.write: tuple[Task, int, Place] | None = None
        self.reads: dict[Task, tuple[int, Place]] = {}


class _Sync:
    """Who acquires it learns what ``clock`` says; who only looks at it, what ``seen`` says.

    ``owner`` has acquired it last, and so knows all of ``clock``, unless it was released since:
    whoever releases an event or a socket need not have acquired it.
    """

    __slots__ = ("clock", "owner", "seen")

    def __init__(self) -> None:
        self.clock: list[int] = []
        self.seen: list[int] = []
        self.owner: Task | None = None


class HappensBefore:
    """The clocks of the tasks of ``kernel``, and the `races` of its present execution.

    ``with_stacks``: races have the calls that led to their accesses, which costs much more.
    """

    def __init__(self, kernel: Kernel, sites: list[Site], lives: Lives) -> None:
        self._kernel = kernel
        self._sites = sites
        self._lives = lives
        self.with_stacks = False
        self.orders: set[Order] = set()  # of all executions
        self.begin()

    def begin(self) -> None:
        """A new execution."""
        self.races: list[Race] = []
        self._syncs: dict[int, _Sync] = {}
        self._lives.tables.append(self._syncs)
        self._tasks = 0

    def spawned(self, task: Task) -> None:
        """What its parent did before, it knows."""
        task.number = self._tasks
        self._tasks += 1
        if task.number:
            parent = self._kernel.current
            task.clock = [*parent.clock, *[0] * (self._tasks - len(parent.clock))]
            parent.clock[parent.number] += 1
        else:
            task.clock = [0]
        task.clock[task.number] = 1

    def acquire(self, sync: object) -> None:
        clocks = self._syncs.get(identity(sync)) or self._new(sync)
        task = self._kernel.current
        if clocks.clock:
            _join(task.clock, clocks.clock)
        clocks.seen = task.clock.copy()
        clocks.owner = task
        task.clock[task.number] += 1

    def release(self, sync: object) -> None:
        clocks = self._syncs.get(identity(sync)) or self._new(sync)
        task = self._kernel.current
        clock = task.clock.copy()
        if clocks.clock and clocks.owner is not task:
            _join(clock, clocks.clock)
        clocks.clock = clocks.seen = clock
        clocks.owner = None
        task.clock[task.number] += 1

    def look(self, sync: object) -> None:
        clocks = self._syncs.get(identity(sync)) or self._new(sync)
        if clocks.seen:
            _join(self._kernel.current.clock, clocks.seen)

    def _new(self, sync: object) -> _Sync:
        self._lives.watch(sync)
        clocks = self._syncs[identity(sync)] = _Sync()
        return clocks

    def access(
        self, variable: Variable, owner: object, name: Hashable, writes: bool, site: int
    ) -> bool:
        """The running task accesses ``owner.name``; say whether that is part of a race."""
        task = self._kernel.current
        clock = task.clock
        here = (site, own_stack()) if self.with_stacks else site
        raced = False
        last = variable.write
        if last is not None and last[0] is not task:
            if not isinstance(last[2], tuple):
                self.orders.add((last[0].path, last[2], task.path, site))
            if last[1] > _time(clock, last[0].number):
                raced = True
                self._race(owner, name, ("write", last[0], last[2]), (writes, task, here))
        if writes:
            for reader, (time, place) in variable.reads.items():
                if reader is not task:
                    if not isinstance(place, tuple):
                        self.orders.add((reader.path, place, task.path, site))
                    if time > _time(clock, reader.number):
                        raced = True
                        self._race(owner, name, ("read", reader, place), (writes, task, here))
            variable.reads.clear()
            variable.write = (task, clock[task.number], here)
        else:
            variable.reads[task] = (clock[task.number], here)
        return raced

    def _race(self, owner: object, name: Hashable, first: Any, second: Any) -> None:
        kind, task, here = second
        sides = [self._side(*first), self._side("write" if kind else "read", task, here)]
        site = self._sites[here[0] if isinstance(here, tuple) else here]
        self.races.append(Race(_location(owner, name, site), *sides))

    def _side(self, kind: Literal["read", "write"], task: Task, here: Place) -> Access:
        number, stack = here if isinstance(here, tuple) else (here, ())
        site = self._sites[number]
        return Access(kind, str(task), site.file, site.line, stack)


def _location(owner: object, name: Hashable, site: Site) -> str:
    if isinstance(name, tuple):
        return f"{site.text}[{name[0]!r}]"
    if is_a(owner, str):
        return f"{owner.rpartition('/')[2].removesuffix('.py')}.{name}"
    if is_a(owner, CellType):
        return str(name)
    return f"{(owner if is_a(owner, type) else type(owner)).__name__}.{name}"


def _join(clock: list[int], other: list[int]) -> None:
    clock += [0] * (len(other) - len(clock))
    for number, time in enumerate(other):
        if time > clock[number]:
            clock[number] = time


def _time(clock: list[int], number: int) -> int:
    return clock[number] if number < len(clock) else 0
