"""Which order of accesses makes an execution fail, as a sentence that other executions bear out.

A schedule that fails says where a thread was held back, not what was done meanwhile that matters.
So more executions are made, and each is kept as the accesses and acquisitions of its threads in
their order: the neighbours of the failing one, in which a delay comes some steps earlier or later,
is left out, or ends early; and some at random, which nobody had the failure in mind for. A claim is
an order of conflicting accesses as the failing execution had it. It is made only if it holds in
each of the executions that fail in that way, and in none of those that pass.

As such a claim is chosen among thousands, it may fit these executions by chance. So new ones are
made, at random and near the failing one, and if it does not hold in them, nothing is said. A claim
is tested, not proved. Of several the one is
taken that is decided first, as what comes of a race keeps to the same order. Executions that fail
in another way say nothing. One failure may come about in several ways; then
the claim is made that most of those that fail have, and it says that there are others.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, islice
from operator import and_
from random import Random
from typing import Literal, NamedTuple, Protocol

from threadlab.schedule import PROMPT, Schedule
from threadlab.simulation.instrument.sites import Site
from threadlab.simulation.kernel import Task
from threadlab.simulation.recording.accesses import Accesses
from threadlab.simulation.recording.variables import READING
from threadlab.simulation.simulation import Plan, Simulation
from threadlab.strategies import Path, Setting
from threadlab.strategies.pct import Pct
from threadlab.strategies.random_walk import RandomWalk
from threadlab.strategies.replay import Replay

NEIGHBOURS, OTHERS = 120, 80
"""Executions that are made at most: near to the failing one, and at random."""

FAR = 40
"""Steps by which a delay is moved at most."""

LONGEST = 5_000
"""Steps of an execution from which on it is not explained."""

FRESH = 160
"""More executions, in which the claim that was chosen has to hold."""

CANDIDATES = 20_000
"""Claims of each kind that are looked at, at most: a program may touch much."""

MOST = {2: 300, 3: 50}
"""Orders of which as many are put together, the strongest."""

ENOUGH = 5
"""Executions that fail and have it, for a claim to be made."""

How = Literal["read", "write", "acquisition"]


class Access(NamedTuple):
    """What the thread at ``path`` does at a site."""

    path: Path
    site: int
    how: How

    @property
    def writes(self) -> bool:
        return self.how != "read"


@dataclass(frozen=True)
class Place:
    """A line that a claim names, and the thread, which is empty if it is not a certain one."""

    thread: str
    file: str
    line: int
    access: str

    def __str__(self) -> str:
        access = f"the {self.access} in " if self.access else ""
        return f"{access}`{self.file}:{self.line}`"


@dataclass(frozen=True)
class Why:
    """``text`` says when it fails; of the executions tried, ``failed`` and ``passed`` bore it out.

    ``places`` are the lines that it names, in its order. ``otherwise`` is the nearest schedule of
    these that passes.
    """

    text: str
    places: tuple[Place, ...]
    failed: int
    passed: int
    otherwise: Schedule

    def __str__(self) -> str:
        return self.text

    def as_json(self) -> dict[str, object]:
        return {
            "text": self.text,
            "places": [vars(place) for place in self.places],
            "failed": self.failed,
            "passed": self.passed,
            "otherwise": str(self.otherwise),
        }


def explain(
    simulation: Simulation, schedule: Schedule, fails: Callable[[Plan], bool | None]
) -> Why | None:
    """Why ``schedule`` fails, if a claim about it holds in all executions that are tried.

    ``fails`` makes one, and says whether it fails as that under ``schedule`` does; none if it
    fails otherwise.
    """
    if not schedule:
        return None
    accesses, kernel = simulation.accesses, simulation.kernel
    assert accesses is not None

    def make(plan: Plan, traces: list[Trace]) -> None:
        chooser = Replay(kernel, plan) if isinstance(plan, Schedule) else plan
        accesses.observer = trace = Trace(accesses, simulation)
        try:
            trace.fails = fails(chooser)
        finally:
            accesses.observer = None
        if trace.fails is not None:
            trace.close(Schedule(kernel.taken))
            traces.append(trace)

    def make_others(seed: int, count: int, traces: list[Trace]) -> None:
        for strategy in (RandomWalk, Pct):
            others = strategy(Setting(simulation, seed, 2, lambda *delay: True))
            for _ in range(count // 2):
                make(others.next(), traces)
                others.done()

    near: list[Trace] = []
    make(schedule, near)
    if not near or not near[0].fails or kernel.steps > LONGEST:
        return None
    for plan in islice(_neighbours(schedule, len(near[0].names)), NEIGHBOURS):
        make(plan, near)
    far: list[Trace] = []
    make_others(0, OTHERS, far)
    say = Say([*near, *far], simulation.sites)
    passing = [trace for trace in (*near, *far) if not trace.fails]
    if not passing:
        return None
    otherwise = next((trace.schedule for trace in passing if trace.schedule), PROMPT)
    failing = [trace for trace in (*near, *far) if trace.fails]
    beginning, end = "fails exactly when", ""
    claim = _best(failing, passing, failing)
    if claim is None:
        beginning, end = "fails whenever", ", and in other ways"
        claim = _best(failing[:1], passing, failing)
    if claim is None:
        return None
    failed = sum(claim.holds(trace) for trace in failing)
    if failed < ENOUGH:
        return None
    fresh: list[Trace] = []
    draw = Random(1)
    for _ in range(FRESH // 2):
        make(_moved(schedule, draw), fresh)
    make_others(1, FRESH // 2, fresh)
    if any(claim.holds(trace) != trace.fails for trace in fresh if not (trace.fails and end)):
        return None
    failed += sum(claim.holds(trace) for trace in fresh)
    passed = len(passing) + sum(not trace.fails for trace in fresh)
    text = f"{beginning} {claim.said(say)}{end}"
    return Why(text, tuple(say.places), failed, passed, otherwise)


def _neighbours(schedule: Schedule, threads: int) -> Iterator[Schedule]:
    """Schedules that differ from this one in a delay, the nearest first; and the default one."""
    yield PROMPT
    skips = range(1, min(threads, 3) + 1)
    for at in range(len(schedule)):
        if len(schedule) > 1:
            yield Schedule(schedule[:at] + schedule[at + 1 :])
    for far in range(FAR + 1):
        for at, (step, _turn, skip) in enumerate(schedule):
            others = schedule[:at] + schedule[at + 1 :]
            for moved in {step - far: None, step + far: None}:
                taken = {other[0] for other in others}
                if moved < 1 or moved in taken:
                    continue
                for other in skips:
                    if far or other != skip:
                        yield Schedule(sorted((*others, (moved, 0, other))))
                    if moved > step:
                        yield Schedule(sorted((*schedule, (moved, 0, other))))


def _moved(schedule: Schedule, draw: Random) -> Schedule:
    """``schedule``, each delay of which comes at another step, at random, and skips at random."""
    steps = {max(1, step + draw.randint(-FAR, FAR)) for step, _turn, _skip in schedule}
    return Schedule((step, 0, draw.randint(1, 3)) for step in sorted(steps))


class Trace:
    """Looks at an execution, and keeps who accesses what, in this order."""

    def __init__(self, accesses: Accesses, simulation: Simulation) -> None:
        self._accesses = accesses
        self._kernel = simulation.kernel
        self._sites = simulation.sites
        self.fails: bool | None = None
        self.schedule = PROMPT
        self.names: dict[Path, str] = {}
        self.order: list[Access] = []
        self.at: dict[Access, list[int]] = {}
        self._touched: dict[Hashable, dict[Access, None]] = {}

    def close(self, schedule: Schedule) -> None:
        self.schedule = schedule
        for index, access in enumerate(self.order):
            self.at.setdefault(access, []).append(index)

    def conflicts(self) -> Iterator[tuple[Access, Access]]:
        """Pairs of accesses of two threads to the same, one of which writes, both ways round."""
        seen: set[tuple[Access, Access]] = set()
        for accesses in self._touched.values():
            for one, other in combinations(accesses, 2):
                if one.path != other.path and (one.writes or other.writes):
                    for pair in ((one, other), (other, one)):
                        if pair not in seen:
                            seen.add(pair)
                            yield pair

    def _add(self, owner: object, name: Hashable, how: How, site: int) -> None:
        task = self._kernel.current
        if self._sites[site].line:
            access = Access(task.path, site, how)
            self.names.setdefault(task.path, str(task))
            self.order.append(access)
            key = self._accesses.known(owner), name
            self._touched.setdefault(key, {})[access] = None

    # What `Accesses` passes on

    def acquired(self, sync: object) -> None:
        if not self._accesses.is_container(sync):  # of which a method is called
            self._add(sync, "", "acquisition", self._kernel.current.site)

    def accessed(self, owner: object, name: Hashable, writes: bool, site: int) -> None:
        self._add(owner, name, "write" if writes else "read", site)

    def called(self, owner: object, method: str, site: int) -> None:
        self._add(owner, "", "read" if method in READING else "write", site)

    def released(self, sync: object) -> None: ...
    def spawned(self, task: Task) -> None: ...
    def ended(self) -> None: ...
    def parks(self, deadline: float | None) -> None: ...
    def woken(self, task: Task) -> None: ...
    def raises(self, error: BaseException) -> None: ...
    def called_again(self, owner: object, method: str) -> None: ...
    def raced(self) -> None: ...


class Span(NamedTuple):
    """Of accesses in a trace: where the last is, and how far the others are from it."""

    end: int
    length: int


class Claim(Protocol):
    """An order of accesses that an execution has or has not."""

    def holds(self, trace: Trace) -> bool: ...
    def span(self, trace: Trace) -> "Span":
        """Where its accesses are in an execution in which it holds."""

    def said(self, say: "Say") -> str: ...


@dataclass(frozen=True)
class Before:
    """Of these two, ``first`` comes first; the other may never come."""

    first: Access
    then: Access

    def holds(self, trace: Trace) -> bool:
        first, then = trace.at.get(self.first), trace.at.get(self.then)
        return first is not None and (then is None or first[0] < then[0])

    def span(self, trace: Trace) -> Span:
        then = trace.at.get(self.then)
        end = then[0] if then else len(trace.order)
        return Span(end, end - trace.at[self.first][0])

    def said(self, say: "Say") -> str:
        return f"{say(self.first)} comes before {say(self.then)}"


@dataclass(frozen=True)
class Between:
    """``middle`` comes once between ``first`` and the next ``last``, which may never come."""

    first: Access
    middle: Access
    last: Access

    def holds(self, trace: Trace) -> bool:
        return self._span(trace) is not None

    def span(self, trace: Trace) -> Span:
        span = self._span(trace)
        assert span is not None
        return span

    def _span(self, trace: Trace) -> Span | None:
        """The first time that it is so."""
        firsts, lasts = trace.at.get(self.first), trace.at.get(self.last, [])
        if firsts is None:
            return None
        for index in trace.at.get(self.middle, []):
            if at := bisect_left(firsts, index):
                first = firsts[at - 1]
                after = bisect_right(lasts, first)
                last = lasts[after] if after < len(lasts) else len(trace.order)
                if index < last:
                    return Span(last, last - first)
        return None

    def said(self, say: "Say") -> str:
        return _said_between(say, self.first, self.middle, self.last)


@dataclass(frozen=True)
class BetweenAny:
    """The same of any two threads that do so."""

    between: Between

    def holds(self, trace: Trace) -> bool:
        return any(one.holds(trace) for one in self._of(trace))

    def span(self, trace: Trace) -> Span:
        return self.between.span(trace)

    def _of(self, trace: Trace) -> Iterator[Between]:
        first, middle, last = self.between.first, self.between.middle, self.between.last
        for path in trace.names:
            for other in trace.names:
                if path != other:
                    yield Between(
                        first._replace(path=path),
                        middle._replace(path=other),
                        last._replace(path=path),
                    )

    def said(self, say: "Say") -> str:
        between = self.between
        say.anybody = {between.middle.path: "one thread", between.first.path: "another"}
        return _said_between(say, between.first, between.middle, between.last)


@dataclass(frozen=True)
class All:
    """Each of these orders."""

    orders: tuple[Before, ...]

    def holds(self, trace: Trace) -> bool:
        return all(order.holds(trace) for order in self.orders)

    def span(self, trace: Trace) -> Span:
        spans = [order.span(trace) for order in self.orders]
        return Span(max(span.end for span in spans), sum(span.length for span in spans))

    def said(self, say: "Say") -> str:
        *orders, last = (order.said(say) for order in self.orders)
        return f"{', '.join(orders)}, and {last}"


def _said_between(say: "Say", first: Access, middle: Access, last: Access) -> str:
    middle_said = say(middle)
    if first == last:
        return f"{middle_said} comes between two times {say(first)}"
    if say.is_same_line(first, last):
        return f"{middle_said} comes in the midst of {say(first, whole=True)}"
    return f"{middle_said} comes between {say(first, thread=False)} and {say(last)}"


class Say:
    """Says accesses, and keeps the places."""

    def __init__(self, traces: Sequence[Trace], sites: Sequence[Site]) -> None:
        self.places: list[Place] = []
        self.anybody: dict[Path, str] = {}
        self._sites = sites
        self._names: dict[Path, str] = {}
        self._at: dict[tuple[str, int], set[tuple[int, How]]] = {}
        for trace in traces:
            self._names = trace.names | self._names
            for _path, site, how in trace.at:
                self._at.setdefault(sites[site][:2], set()).add((site, how))

    def is_same_line(self, one: Access, other: Access) -> bool:
        return self._sites[one.site][:2] == self._sites[other.site][:2]

    def __call__(self, access: Access, *, thread: bool = True, whole: bool = False) -> str:
        """The ``whole`` line; or which of several accesses there, if there are."""
        site = self._sites[access.site]
        how: str = ""  # goes without saying
        at = self._at[site[:2]]
        if not whole and len(at) > 1:
            how = access.how
            if len([other for _site, other in at if other == how]) > 1 and site.text:
                how += f" of {site.text}"
        known = "" if self.anybody else self._names[access.path]
        place = Place(known, site.file, site.line, how)
        self.places.append(place)
        name = self.anybody.get(access.path) or known
        return f"{place} in {name}" if thread else str(place)


def _best(
    always: Sequence[Trace], passing: Sequence[Trace], failing: Sequence[Trace]
) -> Claim | None:
    """The claim that holds ``always`` and in none that passes: what most of ``failing`` have.

    Of several, what is decided first, as what comes of a race keeps to the same order. Then the
    simplest, and the narrowest.
    """
    found = always[0]
    right = [
        (
            -sum(claim.holds(trace) for trace in failing),
            claim.span(found).end,
            kind,
            claim.span(found).length,
            claim,
        )
        for kind, claims in enumerate(_kinds(always, passing))
        for claim in islice(claims, CANDIDATES)
        if all(claim.holds(trace) for trace in always)
        and not any(claim.holds(trace) for trace in passing)
    ]
    return min(right, key=lambda ranked: ranked[:-1])[-1] if right else None


def _kinds(failing: Sequence[Trace], passing: Sequence[Trace]) -> Iterator[Iterable[Claim]]:
    """Claims, the simplest first."""
    found = failing[0]
    pairs = dict.fromkeys(pair for trace in (*failing, *passing) for pair in trace.conflicts())
    orders = [order for order in (Before(*pair) for pair in pairs) if order.holds(found)]
    yield orders
    betweens = list(islice(_betweens(pairs, found), CANDIDATES))
    yield betweens
    yield [BetweenAny(between) for between in betweens]
    yield from _several(orders, failing, passing)


def _betweens(pairs: Iterable[tuple[Access, Access]], found: Trace) -> Iterator[Between]:
    around: dict[Access, list[Access]] = {}
    for middle, other in pairs:
        if middle in found.at and other in found.at:
            around.setdefault(middle, []).append(other)
    for writes in (True, False):
        for middle, others in around.items():
            if middle.writes is writes:
                for first in others:
                    for last in others:
                        between = Between(first, middle, last)
                        if first.path == last.path and between.holds(found):
                            yield between


def _several(
    orders: Iterable[Before], failing: Sequence[Trace], passing: Sequence[Trace]
) -> Iterator[Iterable[Claim]]:
    """Two or three orders, none of which all those that pass have."""
    found = failing[0]

    def when(order: Before) -> int:
        return found.at[order.first][0]

    by_those_that_pass: dict[int, Before] = {}  # and have it, as bits
    for order in orders:
        if all(order.holds(trace) for trace in failing):
            has = sum(1 << bit for bit, trace in enumerate(passing) if order.holds(trace))
            known = by_those_that_pass.get(has)
            if known is None or order.span(found) < known.span(found):
                by_those_that_pass[has] = order
    for count in (2, 3):
        strongest = sorted(by_those_that_pass.items(), key=lambda item: item[0].bit_count())
        yield [
            All(tuple(sorted((order for _has, order in chosen), key=when)))
            for chosen in combinations(strongest[: MOST[count]], count)
            if not reduce(and_, (has for has, _order in chosen))
        ]
