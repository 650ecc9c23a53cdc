"""The executions of a search, in an order that depends on nothing but its seed.

What a search finds is the first of its executions that fails. So as to find the same in many
processes as in one, each of them makes some executions of one and the same sequence. But a strategy
learns from the executions before, and which those are must not depend on who makes them. Hence the
sequence has two parts. The *opening*, of `OPENING` executions, is made by one process: most bugs
are found by then. After it the strategy is split into `LANES` of them, each of which knows what the
opening has taught, chooses at random by a seed of its own, and has its own part of what is
enumerated. They take turns, an execution each. What a lane learns later, it keeps to itself; so one
process can make every second lane, and another the rest.

In one process the sequence is the same, and of its lanes each has learned a little less than a
single strategy would have. That costs nothing that can be measured: on the yardstick, the first
failure comes as soon as with a strategy that is never split.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, NamedTuple

from threadlab.errors import CannotSimulate, CutOff, Interrupted, ProgramError
from threadlab.program import Program, quiet
from threadlab.schedule import PROMPT, Schedule
from threadlab.search.result import Found, Order, Sort, sort_of_race
from threadlab.simulation.determinism import Switch, difference, logged, two_ways
from threadlab.simulation.kernel import Chooser, Kernel, Reason, Task
from threadlab.simulation.recording.happens_before import Lines, Race
from threadlab.simulation.simulation import Plan
from threadlab.strategies import Path, Setting, Strategy
from threadlab.strategies.bounded import Bounded
from threadlab.strategies.exhaustive import Exhaustive
from threadlab.strategies.feedback import Feedback
from threadlab.strategies.pct import Pct
from threadlab.strategies.portfolio import Portfolio
from threadlab.strategies.pos import Pos
from threadlab.strategies.random_walk import RandomWalk

STRATEGIES: dict[str, type[Strategy]] = {
    "portfolio": Portfolio,
    "random": RandomWalk,
    "pct": Pct,
    "pos": Pos,
    "feedback": Feedback,
    "bounded": Bounded,
    "exhaustive": Exhaustive,
}

OPENING = 64
"""Executions that one strategy makes before it is split."""

LANES = 24
"""Into how many it is split: as many processes can make them, and 2, 3, 4, 6, 8 or 12 fairly."""

STEPS = 5_000_000
"""In one execution, after which it is cut off."""

Races = Literal["report", "error", "off"]


@dataclass(frozen=True)
class Setup:
    """What the executions of a search depend on."""

    program: Program
    strategy: str
    seed: int
    bound: int
    stall: float
    races: Races
    shard: tuple[int, int] = (0, 1)
    every: bool = False  # all failures are wanted, not just the first

    def settings(self) -> dict[str, object]:
        """What is the same for all shards, as JSON; program and seed are told by themselves."""
        return {
            "strategy": self.strategy,
            "bound": self.bound,
            "stall": str(self.stall),  # as JSON has no infinity
            "races": self.races,
            "include": list(self.program.include),
            "daemons": "allow" if self.program.daemons else "fail",
            "all": self.every,
        }


class Made(NamedTuple):
    """An execution of a search. Not ``mine``: it belongs to another shard, and does not count.

    ``schedule`` is how it went, as a hash, and ``failed`` how it failed, in one way or several; in
    full the schedule is kept, as ``token``, if none before in the same process failed like it.
    ``races`` are those that none before there had; ``raced`` all of them, if they are counted.
    ``threads`` is how many there were at once, ``orders`` those of conflicting accesses that none
    before there had.
    """

    mine: bool
    strategy: str
    schedule: int
    steps: int
    cut_off: bool
    withheld: bool
    failed: tuple[Sort, ...]
    token: Schedule | None
    races: tuple[Race, ...]
    raced: tuple[Lines, ...]
    threads: int
    orders: tuple[Order, ...]


class End(NamedTuple):
    """In place of an execution: there is none left to make; or not all was seen."""

    exhausted: bool


class _Ordinary(NamedTuple):
    """What is always the same of the execution without delays."""

    log: list[Switch]
    steps: int
    failed: tuple[str, str] | None


class Executions:
    """Makes those of one process. Raises `ProgramError` for a program that cannot be explored."""

    def __init__(self, setup: Setup, kernel: Kernel | None = None) -> None:
        self.setup = setup
        self._program = setup.program
        part, parts = setup.shard
        strategy = STRATEGIES[setup.strategy]
        recording = setup.races != "off" or strategy.records
        self.simulation, self._scenario = setup.program.load(recording=recording, kernel=kernel)
        self.kernel = self.simulation.kernel
        mutation = setup.program.mutation
        self._is_mutant = mutation is not None and mutation.mutant is not None
        self.kernel.limit = STEPS if mutation is None else mutation.steps
        self.kernel.stall = setup.stall
        self._accesses = self.simulation.accesses
        if self._accesses is not None:
            self._accesses.detecting = setup.races != "off"
        self._mine: Callable[[int, int, int], bool] = lambda step, turn, skip: (
            (step + turn + skip) % parts == part
        )
        self._parts = parts
        self._known: set[Lines] = set()
        self.new_races: list[Race] = []
        self._seen: set[Sort] = set()
        self._told: set[tuple[Path, int, Path, int]] = set()
        self._cut_off = False
        self._strategy = strategy(Setting(self.simulation, setup.seed, setup.bound, self._mine))
        self._lanes: dict[int, Strategy] = {}
        self._ordinary: _Ordinary

    # In their order

    def begin(self) -> None:
        """Before the opening: see that the execution without delays is always the same."""
        self._ordinary = self._make_ordinary()
        self.compare()

    def opening(self) -> Iterator[Made | End]:
        """The first executions; all, if the strategy does not split."""
        made = 0
        while made < OPENING or not self._strategy.splits:
            made += 1
            execution = self._next(self._strategy)
            yield execution
            if isinstance(execution, End):
                return

    def take(self, lane: int) -> Made | End:
        """The next one of ``lane``, when the opening has been made."""
        if lane not in self._lanes:
            self._lanes[lane] = self._strategy.split(self._setting(lane))
        return self._next(self._lanes[lane])

    def _setting(self, lane: int) -> Setting:
        part, parts = self.setup.shard
        seed = Random(f"{self.setup.seed} {lane}").getrandbits(32)

        def mine(step: int, turn: int, skip: int) -> bool:
            place = step + turn + skip
            return place % parts == part and place // parts % LANES == lane

        return Setting(self.simulation, seed, self.setup.bound, mine, LANES)

    def _next(self, strategy: Strategy) -> Made | End:
        if (plan := strategy.next()) is None:
            return End(strategy.exhausted)
        kernel = self.kernel
        kernel.withheld = False
        found = self._execute(plan)
        strategy.done()  # before anything else is executed
        taken, steps, threads = Schedule(kernel.taken), kernel.steps, kernel.together
        cut_off, withheld = self._cut_off, kernel.withheld
        raced = dict.fromkeys(race.lines for race in self._races)
        failed = self._sorts(found)
        if not self.setup.every:
            del failed[1:]
        new = self._new(self._with_stacks(taken)) if not raced.keys() <= self._known else []
        mine = self._mine(*taken[0]) if taken else self.setup.shard[0] == 0
        fails_anew = mine and not self._seen.issuperset(failed)
        if mine:
            self._seen.update(failed)
        return Made(
            mine,
            strategy.name,
            hash(taken),
            steps,
            cut_off,
            withheld,
            tuple(failed),
            taken if fails_anew else None,
            tuple(new),
            tuple(raced) if self.setup.every else (),
            threads,
            tuple(self._new_orders()),
        )

    def _new_orders(self) -> Iterator[Order]:
        """Those of conflicting accesses that no execution had before, by their lines."""
        if self._accesses is None or len(self._accesses.orders) == len(self._told):
            return
        sites = self.simulation.sites
        for order in self._accesses.orders - self._told:
            first, site, then, other = order
            self._told.add(order)
            yield (first, *sites[site][:2]), (then, *sites[other][:2])

    # By themselves

    def attempt(self, plan: Plan) -> list[Found]:
        """Make one execution, of any shard, and say how it failed: once, or if all failures are
        wanted, in each way.

        If it has races, that may be one, and those that are new are `new_races`.
        """
        parts, self._parts = self._parts, 1  # what a shard found, it may minimise anywhere
        found = self._execute(plan)
        self._parts = parts
        failures = [] if found is None else [found]
        self.new_races = []
        fails = self.setup.races == "error" and (self.setup.every or found is None)
        if self._races and (fails or any(race.lines not in self._known for race in self._races)):
            races = self._with_stacks(Schedule(self.kernel.taken))
            self.new_races = self._new(races)
            if fails:
                failures += (Found.of_race(race) for race in each_once(races))
        return failures

    def sorts(self, plan: Plan) -> list[Sort]:
        """Make one execution, of any shard, and say no more than how it failed."""
        parts, self._parts = self._parts, 1
        found = self._execute(plan)
        self._parts = parts
        return self._sorts(found)

    def _sorts(self, found: Found | None) -> list[Sort]:
        """How the last execution failed, ``found`` first."""
        failed = [] if found is None else [found.sort]
        if self.setup.races == "error":
            failed += dict.fromkeys(sort_of_race(race.lines) for race in self._races)
        return failed

    def compare(self) -> None:
        """See that the execution without delays is what it was."""
        again = self._make_ordinary()
        if again != self._ordinary:
            apart = difference(self.kernel, self._execute)
            raise ProgramError(f"{self._program}: {two_ways(self._ordinary.log, again.log, apart)}")

    def _make_ordinary(self) -> _Ordinary:
        with logged(self.kernel) as log:
            found = self._execute(PROMPT)
        how = None if found is None else (found.kind, found.location)
        return _Ordinary(log, self.kernel.steps, how)

    @property
    def _races(self) -> list[Race]:
        """Of the last execution."""
        return [] if self._accesses is None else self._accesses.races

    def _new(self, races: Iterable[Race]) -> list[Race]:
        """Those that no execution had before."""
        new = []
        for race in races:
            if race.lines not in self._known:
                self._known.add(race.lines)
                new.append(race)
        return new

    def _with_stacks(self, taken: Schedule) -> list[Race]:
        """The races of the last execution, made again for their stacks, which are dear."""
        assert self._accesses is not None
        with self._accesses.stacks(), quiet(self.kernel):
            self._execute(taken)
        return self._races

    def _execute(self, plan: Plan) -> Found | None:
        if self._parts > 1 and not isinstance(plan, Schedule):
            plan = _Part(plan, self._mine, self.kernel)
        self._cut_off = False
        try:
            self.simulation.execute(self._scenario, plan)
        except CannotSimulate as error:
            raise ProgramError(f"{self._program}: {error}") from None
        except (Interrupted, ProgramError):
            raise
        except CutOff as error:
            if self._is_mutant:
                return Found.of(error, self.kernel.culprit)
            self._cut_off = True
            return None
        except BaseException as error:
            return Found.of(error, self.kernel.culprit)
        return None


def each_once(races: Iterable[Race]) -> list[Race]:
    """The first of ``races`` at each pair of lines."""
    first: dict[Lines, Race] = {}
    for race in races:
        first.setdefault(race.lines, race)
    return list(first.values())


def in_turn(take: Callable[[int], Made | End], lanes: Iterable[int]) -> Iterator[Made | End]:
    """The executions of ``lanes``, each of which ends by itself."""
    left = list(lanes)
    while left:
        for lane in tuple(left):
            execution = take(lane)
            if isinstance(execution, End):
                left.remove(lane)
            yield execution


class _Part:
    """Only what begins as schedules of this shard do."""

    def __init__(
        self, chooser: Chooser, mine: Callable[[int, int, int], bool], kernel: Kernel
    ) -> None:
        self._chooser = chooser
        self._mine = mine
        self.kernel = kernel

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        index = self._chooser.choose(ready, clock, reason)
        kernel = self.kernel
        usual = int(reason == "spin")
        if index == usual or kernel.taken or self._mine(*kernel.place(reason), index):
            return index
        return usual
