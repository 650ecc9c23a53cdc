"""Searches the schedules of a script for one under which it fails, and makes that one small.

A strategy says what decides each execution, until one fails, nothing is left to try, or it has
had its executions or seconds. Then the schedule is made small. All but the seconds depends on the
script and the seed alone.
"""

import math
import os
import shlex
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from threadlab import strategies
from threadlab.errors import (
    CannotSimulate,
    DataRace,
    Deadlock,
    Failure,
    LeftOver,
    Livelock,
    ProgramError,
    headline,
)
from threadlab.program import Program, quiet
from threadlab.raised import mark, with_own_frames
from threadlab.schedule import PROMPT, Schedule
from threadlab.search.minimise import minimise
from threadlab.simulation.frames import is_own
from threadlab.simulation.kernel import Chooser, Kernel, Reason, Task
from threadlab.simulation.recording.happens_before import Race
from threadlab.strategies import Setting, Strategy
from threadlab.strategies.bounded import Bounded
from threadlab.strategies.exhaustive import Exhaustive
from threadlab.strategies.pct import Pct
from threadlab.strategies.portfolio import Portfolio
from threadlab.strategies.pos import UniformWalk
from threadlab.strategies.random_walk import RandomWalk

STRATEGIES: dict[str, Callable[[Setting], Strategy]] = {
    "portfolio": Portfolio,
    "random": RandomWalk,
    "pct": Pct,
    "pos": UniformWalk,
    "bounded": Bounded,
    "exhaustive": Exhaustive,
}

EXECUTIONS = 10_000
BOUND = 2
STEPS = 1_000_000
"""In one execution, after which it is taken for one that never ends."""

OURS = (strategies.__path__[0], os.path.dirname(__file__))
"""Where an exception is no failure of the script's."""

KINDS: dict[type[Failure], str] = {Deadlock: "deadlock", LeftOver: "leak", Livelock: "livelock"}

Races = Literal["report", "error", "off"]


@dataclass(frozen=True)
class Found:
    """What failed. ``kind`` is exception, deadlock, leak, livelock or race.

    ``location`` is file:line in the code under test; of a deadlock or leak, those of all that had
    not ended. ``error`` is what was raised.
    """

    kind: str
    message: str
    thread: str
    location: str
    error: BaseException

    def is_like(self, other: "Found | None") -> bool:
        """Whether it is the same failure, of another execution, maybe of the file loaded anew."""
        if other is None or self.kind != other.kind:
            return False
        if type(self.error).__qualname__ != type(other.error).__qualname__:
            return False
        return self.location == other.location or self.kind == "livelock"

    def details(self) -> str:
        """For a person: a traceback, or where each thread is."""
        if self.kind != "exception":
            return str(self.error).partition("\n")[2]
        summary = traceback.TracebackException.from_exception(self.error)
        frames = list(traceback.walk_tb(self.error.__traceback__))
        del summary.stack[: next((n for n, (frame, _) in enumerate(frames) if is_own(frame)), 0)]
        return "".join(summary.format()).rstrip()


@dataclass
class Result:
    """What a search found. ``executions``, ``seconds`` and ``steps`` are those of the search,
    up to and with the failing one, without making the schedule small.

    ``schedule`` is the smallest that is known
    to fail as ``failure`` says. ``strategy`` is the one that found it. ``exhausted``: nothing was
    left to try. ``interrupted``: by Ctrl-C.
    """

    program: Program
    strategy: str
    seed: int
    executions: int = 0
    seconds: float = 0.0
    steps: int = 0
    distinct: int = 0
    exhausted: bool = False
    interrupted: bool = False
    schedule: Schedule | None = None
    failure: Found | None = None
    races: list[Race] = field(default_factory=list)

    @property
    def found(self) -> bool:
        return self.failure is not None

    @property
    def again(self) -> str:
        """The command that executes it again as it failed."""
        program = shlex.quote(str(self.program))
        return f"threadlab explore {program} --replay {self.schedule}"

    def check(self) -> None:
        """In a test: raise what was found, with what pytest needs to show the execution."""
        __tracebackhide__ = True
        if self.failure is None or self.schedule is None:
            return
        error = self.failure.error
        if not isinstance(error, Exception):  # one that would end the test run
            error = AssertionError(f"{self.failure.kind}: {error!r}")
        simulation, scenario = self.program.load(recording=True)
        mark(error, (simulation, scenario, self.schedule), f"Again: {self.again}")
        raise with_own_frames(error)

    def as_json(self) -> dict[str, object]:
        failure = self.failure
        return {
            "found": self.found,
            "executions": self.executions,
            "seconds": round(self.seconds, 6),
            "steps": self.steps,
            "strategy": self.strategy,
            "seed": self.seed,
            "exhausted": self.exhausted,
            "schedule": None if self.schedule is None else str(self.schedule),
            "failure": failure
            and {
                "kind": failure.kind,
                "message": failure.message,
                "thread": failure.thread,
                "location": failure.location,
            },
            "races": [
                {
                    "location": race.location,
                    "accesses": [access._asdict() for access in (race.first, race.second)],
                }
                for race in self.races
            ],
        }


class Watcher(Protocol):
    """Is shown a search as it goes on, and must not change it."""

    def begin(self, kernel: Kernel) -> None:
        """The script is loaded, and will be executed by ``kernel``."""

    def show(self, result: Result, phase: str) -> None:
        """An execution has been made."""


def explore(
    scenario: str | Program | Callable[[], object],
    *,
    strategy: str = "portfolio",
    executions: int = EXECUTIONS,
    seconds: float | None = None,
    seed: int = 0,
    bound: int = BOUND,
    replay: Schedule | None = None,
    races: Races = "report",
    shard: tuple[int, int] = (0, 1),
    small: bool = True,
    watcher: Watcher | None = None,
) -> Result:
    """Search ``scenario`` for a schedule under which it fails.

    It is ``FILE.py:FUNCTION``, ``FILE.py:CLASS.METHOD``, or such a function itself, whose file is
    then loaded anew. It takes no arguments, builds its own state, starts threads, joins them and
    asserts. At most ``executions`` are made, or as many as ``seconds`` allow, and as long again to
    make the schedule small. ``bound`` is the most delays of a schedule, for the strategy
    ``bounded``.
    With ``replay``, one execution is made, under that schedule. Data races are reported, or with
    ``races="error"`` are failures; ``"off"`` saves half of the time. ``shard`` is ``(k, n)`` for
    part k, from 0 on, of n disjoint parts of the search, none of which makes an execution of
    another's. Without ``small``, the schedule is reported as it was found.

    Raises `ProgramError`, whose message is one line, if the scenario cannot be explored.
    """
    if strategy not in STRATEGIES:
        raise ValueError(f"no strategy {strategy!r}; there are {', '.join(STRATEGIES)}")
    if not 0 <= shard[0] < shard[1]:
        raise ValueError(f"no shard: {shard}; one is (k, n) with 0 <= k < n")
    if strategy == "exhaustive" and shard[1] > 1:
        raise ValueError("the exhaustive strategy cannot be split into shards")
    search = _Search(_program(scenario), strategy, seed, bound, races, shard)
    if watcher is not None:
        watcher.begin(search.simulation.kernel)
    with _interruptible(search):
        if replay is not None:
            return search.replay(replay)
        with quiet():
            return search.run(executions, seconds, small, watcher)


def shards(count: int) -> list[tuple[int, int]]:
    """All parts of a search, for ``pytest.mark.parametrize`` under ``pytest -n``."""
    return [(part, count) for part in range(count)]


def _program(scenario: str | Program | Callable[[], object]) -> Program:
    if isinstance(scenario, Program):
        return scenario
    return Program.parse(scenario) if isinstance(scenario, str) else Program.of(scenario)


class _Search:
    def __init__(
        self,
        program: Program,
        strategy: str,
        seed: int,
        bound: int,
        races: Races,
        shard: tuple[int, int],
    ) -> None:
        self._program = program
        self._races = races
        part, parts = shard
        self.stopped = False
        recording = races != "off" or strategy == "exhaustive"
        self.simulation, self._scenario = program.load(recording=recording)
        self._kernel = self.simulation.kernel
        self._kernel.limit = STEPS
        self._accesses = self.simulation.accesses
        if self._accesses is not None:
            self._accesses.detecting = races != "off"
        self._mine: Callable[[int, int, int], bool] = lambda step, turn, skip: (
            (step + turn + skip) % parts == part
        )
        self._shard = shard
        self._known: set[frozenset[tuple[str, int]]] = set()
        setting = Setting(self.simulation, seed, bound, self._mine)
        self._strategy = STRATEGIES[strategy](setting)
        self.result = Result(program, strategy, seed)

    def run(
        self, executions: int, seconds: float | None, small: bool, watcher: Watcher | None
    ) -> Result:
        result, strategy = self.result, self._strategy
        seen: set[int] = set()
        ordinary = self._ordinary()
        if self._ordinary() != ordinary:
            raise self._two_ways()
        begin = time.perf_counter()
        try:
            left = executions * self._shard[1]  # some begin as those of another shard
            while result.executions < executions and left and not self.stopped:
                left -= 1
                if (plan := strategy.next()) is None:
                    break
                failure = self._execute(plan)
                strategy.done()  # before anything else is executed
                failure = self._with_races(failure)
                taken = Schedule(self._kernel.taken)
                result.seconds = time.perf_counter() - begin
                if self._is_mine(taken):
                    result.executions += 1
                    result.steps += self._kernel.steps
                    seen.add(hash(taken))
                    result.distinct = len(seen)
                    if failure is not None:
                        result.failure, result.schedule = failure, taken
                        break
                    if watcher is not None:
                        watcher.show(result, strategy.name)
                if seconds is not None and result.seconds >= seconds:
                    break
            result.exhausted = strategy.exhausted
            result.interrupted = self.stopped
            if result.failure is not None:
                result.strategy = strategy.name
                if small:
                    until = math.inf if seconds is None else begin + 2 * seconds
                    self._make_small(result.failure, until, watcher)
                    self._confirm(result.failure, result.schedule)
            elif not self.stopped and self._ordinary() != ordinary:
                raise self._two_ways()
        except KeyboardInterrupt:
            result.interrupted = True
        return result

    def replay(self, schedule: Schedule) -> Result:
        """One execution, with what it prints."""
        result = self.result
        result.strategy = "replay"
        begin = time.perf_counter()
        result.failure = self._attempt(schedule)
        result.seconds = time.perf_counter() - begin
        result.executions = result.distinct = 1
        result.steps = self._kernel.steps
        if result.failure is not None:
            result.schedule = schedule
        return result

    def _attempt(self, plan: Chooser | Schedule) -> Found | None:
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

    def _execute(self, plan: Chooser | Schedule) -> Found | None:
        schedule = plan if isinstance(plan, Schedule) else PROMPT
        chooser = None if isinstance(plan, Schedule) else plan
        if chooser is not None and self._shard[1] > 1:
            chooser = _Part(chooser, self._mine, self._kernel)
        try:
            self.simulation.execute(self._scenario, schedule, chooser)
        except CannotSimulate as error:
            raise ProgramError(f"{self._program}: {error}") from None
        except KeyboardInterrupt:
            if self.stopped:
                raise
            return _found(KeyboardInterrupt(), self._kernel.culprit)
        except BaseException as error:
            return _found(error, self._kernel.culprit)
        return None

    def _look_at(self, races: list[Race], found: Found | None) -> Found | None:
        """Execute again, for the stacks of what raced, which are dear."""
        accesses = self._accesses
        assert accesses is not None
        taken = Schedule(self._kernel.taken)
        reducing = accesses.reducing
        accesses.with_stacks, accesses.reducing = True, False
        try:
            with quiet():
                self._execute(taken)
        finally:
            accesses.with_stacks = False
            accesses.reducing = reducing
        for race in accesses.races:
            if race.lines not in self._known:
                self._known.add(race.lines)
                self.result.races.append(race)
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

    def _ordinary(self) -> object:
        """What is always the same of the execution without delays."""
        log: list[tuple[int, int]] = []
        self._kernel.log = log
        failure = self._execute(PROMPT)
        self._kernel.log = None
        return log, self._kernel.steps, failure and (failure.kind, failure.location)

    def _confirm(self, failure: Found | None, schedule: Schedule | None) -> None:
        """See that it fails so in a fresh process, too: load it anew."""
        assert failure is not None
        assert schedule is not None
        anew = _Search(self._program, "random", 0, 0, self._races, (0, 1))
        if not failure.is_like(anew.replay(schedule).failure):
            raise self._two_ways()

    def _two_ways(self) -> ProgramError:
        return ProgramError(
            f"{self._program}: the same schedule went two ways; it depends on something that is "
            "not simulated, or on what an execution before has left behind"
        )

    def _is_mine(self, taken: Schedule) -> bool:
        if not taken:
            return self._shard[0] == 0
        return self._mine(*taken[0])

    def _make_small(self, failure: Found, until: float, watcher: Watcher | None) -> None:
        result = self.result
        assert result.schedule is not None

        def fails(plan: Chooser | Schedule) -> bool:
            if self.stopped:
                raise KeyboardInterrupt
            if time.perf_counter() > until:
                return False
            again = self._attempt(plan)
            if watcher is not None:
                watcher.show(result, "minimising")
            return failure.is_like(again)

        shard, self._shard = self._shard, (0, 1)  # what it found, it may make small anywhere
        try:
            result.schedule = minimise(self.simulation, result.schedule, fails)
        finally:
            self._shard = shard
            again = self._attempt(result.schedule)
            if again is not None:
                result.failure = again


class _Part:
    """Only what begins as schedules of this shard do."""

    def __init__(
        self, chooser: Chooser, mine: Callable[[int, int, int], bool], kernel: Kernel
    ) -> None:
        self._chooser = chooser
        self._mine = mine
        self._kernel = kernel

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        index = self._chooser.choose(ready, clock, reason)
        kernel = self._kernel
        usual = int(reason == "spin")
        if index == usual or kernel.taken or self._mine(*kernel.place(reason), index):
            return index
        return usual


def _found(error: BaseException, thread: str) -> Found:
    if isinstance(error, Failure):
        places = sorted({place for _, place in error.tasks if place})
        names = ", ".join(name for name, _ in error.tasks)
        return Found(
            KINDS[type(error)], str(error).partition("\n")[0], names, " ".join(places), error
        )
    frames = list(traceback.walk_tb(error.__traceback__))
    if frames[-1][0].f_code.co_filename.startswith(OURS):
        raise error
    own = [f"{frame.f_code.co_filename}:{line}" for frame, line in frames if is_own(frame)]
    return Found("exception", headline(error), thread, own[-1] if own else "", error)


@contextmanager
def _interruptible(search: _Search) -> Iterator[None]:
    """The first Ctrl-C ends the search after the present execution, a second one at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        if search.stopped:
            raise KeyboardInterrupt
        search.stopped = True

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
