"""Searches the schedules of a program for one under which it fails, and makes that one small.

A strategy says what decides each execution, until one fails, nothing is left to try, or it has
had its executions or seconds. Then the schedule is made small. All but the seconds depends on the
program and the seed alone.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple, Protocol, get_args

from threadlab.errors import CannotSimulate, CutOff, DataRace, Interrupted, ProgramError
from threadlab.program import Program, quiet
from threadlab.schedule import PROMPT, STALL, Schedule
from threadlab.search.minimise import minimise
from threadlab.search.result import CutShort, Found, Result
from threadlab.search.watch import Watch
from threadlab.simulation.determinism import Switch, difference, logged, two_ways
from threadlab.simulation.interruption import interruptible
from threadlab.simulation.kernel import Chooser, Kernel, Reason, Task
from threadlab.simulation.recording.happens_before import Race
from threadlab.simulation.simulation import Plan
from threadlab.strategies import Setting, Strategy
from threadlab.strategies.bounded import Bounded
from threadlab.strategies.exhaustive import Exhaustive
from threadlab.strategies.pct import Pct
from threadlab.strategies.portfolio import Portfolio
from threadlab.strategies.pos import Pos
from threadlab.strategies.random_walk import RandomWalk

STRATEGIES: dict[str, type[Strategy]] = {
    "portfolio": Portfolio,
    "random": RandomWalk,
    "pct": Pct,
    "pos": Pos,
    "bounded": Bounded,
    "exhaustive": Exhaustive,
}

EXECUTIONS = 10_000
BOUND = 2
STEPS = 5_000_000
"""In one execution, after which it is cut off."""

Races = Literal["report", "error", "off"]


class Watcher(Protocol):
    """Is shown a search as it goes on, and must not change it."""

    def begin(self, kernel: Kernel) -> None:
        """The program is loaded, and will be executed by ``kernel``."""

    def show(self, result: Result, phase: str) -> None:
        """An execution has been made."""

    def give_up(self, why: str) -> None:
        """The search ought to end, and does not. Called in another thread."""


def explore(
    scenario: str | Program | Callable[[], object],
    *,
    strategy: str = "portfolio",
    executions: int = EXECUTIONS,
    seconds: float | None = None,
    seed: int = 0,
    bound: int = BOUND,
    stall: float = STALL,
    replay: Schedule | str | None = None,
    races: Races = "report",
    shard: tuple[int, int] = (0, 1),
    small: bool = True,
    include: Sequence[str] = (),
    daemons: Literal["fail", "allow"] = "fail",
    mutant: str | None = None,
    watcher: Watcher | None = None,
) -> Result:
    """Search ``scenario`` for a schedule under which it fails.

    It is ``FILE.py:FUNCTION``, ``FILE.py:CLASS.METHOD``, ``PACKAGE.MODULE:FUNCTION``, or such a
    function itself, whose file is then loaded anew. It takes no arguments, builds its own state,
    starts threads, joins them and asserts.

    At most ``executions`` are made, or as many as ``seconds`` allow, and as long again to make the
    schedule small; without ``small``, it is reported as it was found. ``strategy`` says how
    schedules are chosen, ``seed`` is of its random choices, and ``bound`` the most delays of a
    schedule, for the strategy ``bounded``. ``stall`` is the longest, in seconds, for which a thread
    that could run is held up while time passes: 0 lets time pass only when all are blocked,
    `math.inf` whenever anybody sleeps. Data races are reported, or with ``races="error"`` are
    failures; ``"off"`` saves half of the time. ``shard`` is ``(k, n)`` for part k, from 0 on, of n
    disjoint parts of the search, none of which makes an execution of another's. ``include`` names
    installed packages and modules of the standard library in which threads are to take turns as
    well; otherwise that is the project at hand alone. With ``daemons="allow"``, a daemon thread may
    be left running: it ends when all others have, as it does with a process. ``mutant`` is
    what is left out of the program, as `mutate` names it. ``watcher`` is shown the search as it
    goes on.

    With ``replay``, a schedule or its token, one execution is made, under that, whatever it stalls.

    Raises `ProgramError`, whose message is one line, if the scenario cannot be explored;
    `ValueError` for an argument that makes no sense; and a `KeyboardInterrupt` after Ctrl-C, since
    what was cut short has no result.

    >>> explore("nowhere.py:scenario")
    Traceback (most recent call last):
    threadlab.errors.ProgramError: nowhere.py: there is no such file
    """
    if isinstance(replay, str):
        replay = Schedule.parse(replay)
    if strategy not in STRATEGIES:
        raise ValueError(f"no strategy {strategy!r}; there are {', '.join(STRATEGIES)}")
    if not 0 <= shard[0] < shard[1]:
        raise ValueError(f"no shard: {shard}; one is (k, n) with 0 <= k < n")
    if shard[1] > 1 and not STRATEGIES[strategy].splits:
        raise ValueError(f"the {strategy} strategy cannot be split into shards")
    if executions < 1 or bound < 0 or not (seconds is None or seconds >= 0) or not stall >= 0:
        raise ValueError(f"no search: {executions=}, {seconds=}, {bound=}, {stall=}")
    if races not in get_args(Races):
        raise ValueError(f"no races={races!r}; there are {', '.join(get_args(Races))}")
    if daemons not in ("fail", "allow"):
        raise ValueError(f"no daemons={daemons!r}; there are fail, allow")
    program = program_of(scenario, include)
    if daemons == "allow":
        program = replace(program, daemons=True)
    if mutant is not None:
        program = program.without(mutant)
    result = Result(program, strategy, seed, stall if replay is None else math.inf)
    kernel, begin = Kernel(), time.perf_counter()
    watch = Watch(kernel, seconds, (lambda why: None) if watcher is None else watcher.give_up)
    try:
        with interruptible(), watch:
            search = _Search(result, bound, races, shard, kernel)
            if watcher is not None:
                watcher.begin(kernel)
            if replay is not None:
                search.replay(replay)
            else:
                with quiet(kernel):
                    search.run(executions, seconds, small, watcher, watch)
    except Interrupted:
        if watch.why:
            raise ProgramError(f"{program}: {watch.why}") from None
        if not watch.expired:
            raise CutShort(result) from None
        if result.failure is None:
            result.cut_off += 1
        result.seconds = time.perf_counter() - begin
    mutation = program.mutation
    if mutation is not None and mutation.mutant and mutation.mutant not in mutation.reached:
        raise ProgramError(f"{program}: {mutation.mutant} is never reached: nothing was left out")
    return result


def shards(count: int) -> list[tuple[int, int]]:
    """All parts of a search, for ``pytest.mark.parametrize`` under ``pytest -n``."""
    return [(part, count) for part in range(count)]


def program_of(scenario: str | Program | Callable[[], object], include: Sequence[str]) -> Program:
    """What ``scenario`` names, with steps in ``include`` as well. Raises `ProgramError`."""
    program = scenario
    if not isinstance(program, Program):
        program = Program.parse(program) if isinstance(program, str) else Program.of(program)
    return program.including(include)


class _Ordinary(NamedTuple):
    """What is always the same of the execution without delays."""

    log: list[Switch]
    steps: int
    failure: tuple[str, str] | None


class _Search:
    def __init__(
        self,
        result: Result,
        bound: int,
        races: Races,
        shard: tuple[int, int],
        kernel: Kernel | None = None,
    ) -> None:
        self._result = result
        self._program = result.program
        self._races = races
        part, parts = shard
        strategy = STRATEGIES[result.strategy]
        recording = races != "off" or strategy.records
        self._simulation, self._scenario = result.program.load(recording=recording, kernel=kernel)
        self.kernel = self._simulation.kernel
        mutation = result.program.mutation
        self._is_mutant = mutation is not None and mutation.mutant is not None
        self.kernel.limit = STEPS if mutation is None else mutation.steps
        self.kernel.stall = result.longest_stall
        self._accesses = self._simulation.accesses
        if self._accesses is not None:
            self._accesses.detecting = races != "off"
        self._mine: Callable[[int, int, int], bool] = lambda step, turn, skip: (
            (step + turn + skip) % parts == part
        )
        self._shard = shard
        self._known: set[frozenset[tuple[str, int]]] = set()
        self._strategy = strategy(Setting(self._simulation, result.seed, bound, self._mine))

    def run(
        self,
        executions: int,
        seconds: float | None,
        small: bool,
        watcher: Watcher | None,
        watch: Watch,
    ) -> None:
        result, strategy = self._result, self._strategy
        seen: set[int] = set()
        ordinary = self._ordinary()
        self._compare(ordinary)
        begin = time.perf_counter()
        left = executions * self._shard[1]  # some begin as those of another shard
        while result.executions < executions and left:
            left -= 1
            if (plan := strategy.next()) is None:
                break
            failure = self._execute(plan)
            strategy.done()  # before anything else is executed
            failure = self._with_races(failure)
            taken = Schedule(self.kernel.taken)
            result.seconds = time.perf_counter() - begin
            if self._is_mine(taken):
                result.executions += 1
                result.steps += self.kernel.steps
                seen.add(hash(taken))
                result.distinct = len(seen)
                if failure is not None:
                    result.failure, result.schedule = failure, taken
                    result.stall = self.kernel.stalled
                    break
                if watcher is not None:
                    watcher.show(result, strategy.name)
            if seconds is not None and result.seconds >= seconds:
                break
        result.exhausted = strategy.exhausted and not result.cut_off
        if not self.kernel.withheld:
            result.longest_stall = math.inf
        if result.failure is not None:
            result.strategy = strategy.name
            if small and result.failure.kind != CutOff.kind:
                watch.extend(result.seconds)
                until = math.inf if seconds is None else begin + 2 * seconds
                self._make_small(result.failure, until, watcher)
                self._confirm(result.failure, result.schedule)
        else:
            self._compare(ordinary)

    def replay(self, schedule: Schedule) -> None:
        """One execution, with what it prints."""
        result = self._result
        result.strategy = "replay"
        begin = time.perf_counter()
        result.failure = self._attempt(schedule)
        result.seconds = time.perf_counter() - begin
        result.executions = result.distinct = 1
        result.steps = self.kernel.steps
        if result.failure is not None:
            result.schedule, result.stall = schedule, self.kernel.stalled
        else:
            self._program.refuse_delays_left(self.kernel.left)

    def _attempt(self, plan: Plan) -> Found | None:
        """Make one execution, and say how it failed."""
        return self._with_races(self._execute(plan))

    def _with_races(self, found: Found | None) -> Found | None:
        """Report the races of the last execution, which failed as ``found``; they may be why."""
        races = self._accesses.races if self._accesses is not None else []
        if self._races != "off" and races:
            new = [race for race in races if race.lines not in self._known]
            if new or (found is None and self._races == "error"):
                found = self._look_at(races, found)
        return found

    def _execute(self, plan: Plan) -> Found | None:
        if self._shard[1] > 1 and not isinstance(plan, Schedule):
            plan = _Part(plan, self._mine, self.kernel)
        try:
            self._simulation.execute(self._scenario, plan)
        except CannotSimulate as error:
            raise ProgramError(f"{self._program}: {error}") from None
        except (Interrupted, ProgramError):
            raise
        except CutOff as error:
            if self._is_mutant:
                return Found.of(error, self.kernel.culprit)
            self._result.cut_off += 1
            return None
        except BaseException as error:
            return Found.of(error, self.kernel.culprit)
        return None

    def _look_at(self, races: list[Race], found: Found | None) -> Found | None:
        """Execute again, for the stacks of what raced, which are dear."""
        accesses = self._accesses
        assert accesses is not None
        taken = Schedule(self.kernel.taken)
        with accesses.stacks(), quiet(self.kernel):
            self._execute(taken)
        for race in accesses.races:
            if race.lines not in self._known:
                self._known.add(race.lines)
                self._result.races.append(race)
        if found is None and self._races == "error" and accesses.races:
            race = accesses.races[0]
            found = Found(
                "race",
                f"data race on {race.location}",
                race.second.thread,
                " ".join(sorted(f"{file}:{line}" for file, line in race.lines)),
                DataRace(str(race)),
            )
        return found

    def _ordinary(self) -> _Ordinary:
        with logged(self.kernel) as log:
            failure = self._execute(PROMPT)
        how = None if failure is None else (failure.kind, failure.location)
        return _Ordinary(log, self.kernel.steps, how)

    def _compare(self, ordinary: _Ordinary) -> None:
        """See that the execution without delays is what it was."""
        again = self._ordinary()
        if again != ordinary:
            apart = difference(self.kernel, self._execute)
            raise ProgramError(f"{self._program}: {two_ways(ordinary.log, again.log, apart)}")

    def _confirm(self, failure: Found | None, schedule: Schedule | None) -> None:
        """See that it fails so in a fresh process, too: load it anew."""
        assert failure is not None
        assert schedule is not None
        anew = Result(self._program, "random", 0)
        _Search(anew, 0, self._races, (0, 1)).replay(schedule)
        if not failure.is_like(anew.failure):
            raise ProgramError(f"{self._program}: {two_ways()}")

    def _is_mine(self, taken: Schedule) -> bool:
        if not taken:
            return self._shard[0] == 0
        return self._mine(*taken[0])

    def _make_small(self, failure: Found, until: float, watcher: Watcher | None) -> None:
        result = self._result
        assert result.schedule is not None

        def fails(plan: Plan) -> bool:
            if time.perf_counter() > until:
                return False
            again = self._attempt(plan)
            if watcher is not None:
                watcher.show(result, "minimising")
            return failure.is_like(again)

        shard, self._shard = self._shard, (0, 1)  # what it found, it may make small anywhere
        result.schedule = minimise(self._simulation, result.schedule, fails)
        self._shard = shard
        again = self._attempt(result.schedule)
        if again is not None:
            result.failure, result.stall = again, self.kernel.stalled


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
