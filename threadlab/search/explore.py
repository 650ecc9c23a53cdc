"""Searches the schedules of a program for one under which it fails, and minimises it.

A strategy says what decides each execution, until one fails, nothing is left to try, or it has
had its executions or seconds. Then the schedule is minimised. All but the seconds depends on the
program and the seed alone, also if several processes make the executions: these are counted in
their order, whoever made them, and no further than to the first that fails.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Literal, Protocol, get_args

from threadlab.errors import CutOff, Interrupted, ProgramError
from threadlab.program import Program, quiet
from threadlab.schedule import STALL, Schedule
from threadlab.search import why
from threadlab.search.executions import (
    LANES,
    STRATEGIES,
    End,
    Executions,
    Made,
    Races,
    Setup,
    in_turn,
)
from threadlab.search.minimise import minimise
from threadlab.search.parallel import OutOfTime, Processes
from threadlab.search.result import Case, CutShort, Found, Result, Sort
from threadlab.search.watch import Watch
from threadlab.simulation.determinism import two_ways
from threadlab.simulation.interruption import interruptible
from threadlab.simulation.kernel import Kernel
from threadlab.simulation.recording.happens_before import Race
from threadlab.simulation.simulation import Plan

EXECUTIONS = 10_000
BOUND = 2


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
    jobs: int = 1,
    all: bool = False,
    explain: bool = False,
    watcher: Watcher | None = None,
) -> Result:
    """Search for a schedule under which ``scenario`` fails.

    ``scenario`` is ``FILE.py:FUNCTION``, ``FILE.py:CLASS.METHOD``, ``PACKAGE.MODULE:FUNCTION``, or
    such a function itself; its file is loaded into a simulated world. It takes no arguments, builds
    its own state, starts threads, joins them and asserts.

    - ``executions`` and ``seconds`` limit the search. Minimising a failing schedule may take as
      long again; without ``small``, the schedule is reported as it was found.
    - ``strategy`` says how schedules are chosen, and ``seed`` where its random choices start.
      ``bound`` is the largest number of delays, for the strategy ``bounded``.
    - ``stall`` is for how many simulated seconds, at most, a thread that could run is preempted
      while time passes. 0: time passes only when all threads wait; `math.inf`: no limit.
    - ``races``: data races are reported; with ``"error"`` they are failures; ``"off"`` does not
      look for them, which saves half of the time.
    - ``include`` names installed packages and modules of the standard library in which threads are
      preempted, too. Otherwise that is only your project.
    - With ``daemons="allow"``, a daemon thread that still runs at the end is not a leaked thread.
    - ``mutant`` is what is left out of the program, as `mutate` names it.
    - ``shard`` is ``(k, n)`` for part k, from 0 on, of n parts of the search. No two parts make the
      same execution.
    - ``jobs`` processes make the executions, 24 at most. The result is the same.
    - With ``all``, the search goes on after a failure; ``cases`` of the result are the distinct
      failures, each of them minimised.
    - With ``explain``, about three hundred more executions are made to say why it fails: see
      `Result.why`.
    - With ``replay``, a schedule or its token, only that one execution is made, whatever its stall.
    - ``watcher`` is shown the progress.

    Raises `ProgramError`, whose message is one line, if the scenario cannot be explored;
    `ValueError` for an argument that makes no sense; and `KeyboardInterrupt` after Ctrl-C, since an
    interrupted search has no result.

    >>> explore("nowhere.py:scenario")
    Traceback (most recent call last):
    threadlab.errors.ProgramError: nowhere.py: there is no such file
    """
    if isinstance(replay, str):
        replay = Schedule.parse(replay)
    if strategy not in STRATEGIES:
        raise ValueError(f"no strategy {strategy!r}; there are {', '.join(STRATEGIES)}")
    if not 0 <= shard[0] < shard[1]:
        raise ValueError(f"not a shard: {shard}; one is (k, n) with 0 <= k < n")
    if shard[1] > 1 and not STRATEGIES[strategy].splits:
        raise ValueError(f"the {strategy} strategy cannot be divided into shards")
    if jobs > 1 and not STRATEGIES[strategy].splits:
        raise ValueError(f"the {strategy} strategy cannot be divided among processes")
    if (
        executions < 1
        or jobs < 1
        or bound < 0
        or not (seconds is None or seconds >= 0)
        or not stall >= 0
    ):
        raise ValueError(f"no search: {executions=}, {seconds=}, {bound=}, {stall=}, {jobs=}")
    if races not in get_args(Races):
        raise ValueError(f"no races={races!r}; there are {', '.join(get_args(Races))}")
    if daemons not in ("fail", "allow"):
        raise ValueError(f"no daemons={daemons!r}; there are fail, allow")
    program = program_of(scenario, include)
    if daemons == "allow":
        program = replace(program, daemons=True)
    if mutant is not None:
        program = program.without(mutant)
    stall = stall if replay is None else math.inf
    setup = Setup(program, strategy, seed, bound, stall, races, shard, all)
    result = Result(
        program, strategy, seed, stall, shard=shard, every=all, settings=setup.settings()
    )
    search = _Search(result, setup, watcher)
    try:
        with interruptible():
            if replay is not None:
                search.replay(replay, seconds)
            else:
                search.run(executions, seconds, small, min(jobs, LANES), explain)
    except Interrupted:
        raise CutShort(result) from None
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


class _Search:
    def __init__(self, result: Result, setup: Setup, watcher: Watcher | None) -> None:
        self._result = result
        self._setup = setup
        self._program = setup.program
        self._watcher = watcher
        self._kernel = Kernel()
        self._executions: Executions
        self._cases: dict[Sort, Case] = {}
        self._seen: set[int] = set()
        self._ends: list[End] = []
        self._withheld = False

    def run(
        self, executions: int, seconds: float | None, small: bool, jobs: int, explain: bool
    ) -> None:
        result = self._result
        self._most = executions
        self._left = executions * self._setup.shard[1]  # some begin as those of another shard
        self._start(seconds)
        try:
            with self._watched(), quiet(self._kernel):
                self._load()
                self._executions.begin()
                self._withheld = self._kernel.withheld
            self._start(seconds)
            self._search(jobs)
        except OutOfTime as error:
            result.cut_off += error.cut_off
            result.seconds = time.perf_counter() - self._begin
        if not self._withheld:
            result.longest_stall = math.inf
        if small and result.found:
            self._until += result.seconds
            with suppress(OutOfTime), self._watched(), quiet(self._kernel):
                for case in result.cases:
                    if case.failure.kind != CutOff.kind:
                        self._minimise(case)
                for case in result.cases if explain else ():
                    if case.failure.kind != CutOff.kind:
                        self._explain(case)

    def _start(self, seconds: float | None) -> None:
        self._begin = time.perf_counter()
        self._seconds = math.inf if seconds is None else seconds
        self._until = self._begin + self._seconds

    def _search(self, jobs: int) -> None:
        executions = self._executions
        with self._watched(), quiet(self._kernel):
            over = self._count(executions.opening())
            if not over and jobs == 1:
                over = self._count(in_turn(executions.take, range(LANES)))
            if over and not self._result.found:
                executions.compare()
        if not over:
            with Processes(executions, jobs, self._until) as processes:
                self._count(in_turn(processes.take, range(LANES)))
                if not self._result.found:
                    processes.compare()

    def _count(self, executions: Iterable[Made | End]) -> bool:
        """Add them to what is known, as long as more is wanted; say whether the search is over."""
        result = self._result
        for execution in executions:
            result.seconds = time.perf_counter() - self._begin
            if isinstance(execution, End):
                self._ends.append(execution)
                continue
            self._add(execution)
            if (
                (result.found and not self._setup.every)
                or result.executions >= self._most
                or not self._left
                or result.seconds >= self._seconds
            ):
                return True
        # What would come after a failure, the exhaustive search does not see.
        splits = STRATEGIES[self._setup.strategy].splits
        seen = all(end.exhausted for end in self._ends) and (splits or not result.found)
        result.exhausted = bool(self._ends) and seen and not result.cut_off
        return bool(self._ends)

    def _add(self, made: Made) -> None:
        result = self._result
        self._left -= 1
        self._withheld |= made.withheld
        result.cut_off += made.cut_off
        if made.races:
            self._add_races(made.races)
        result.orders.update(made.orders)
        if not made.mine:
            return
        result.threads = max(result.threads, made.threads)
        result.executions += 1
        result.steps += made.steps
        self._seen.add(made.schedule)
        result.distinct = len(self._seen)
        result.raced.update(made.raced)
        for sort in made.failed:
            if sort in self._cases:
                self._cases[sort].executions += 1
            else:
                self._add_case(sort, made)
        if self._watcher is not None and (self._setup.every or not made.failed):
            self._watcher.show(result, made.strategy)

    def _add_races(self, races: Iterable[Race]) -> None:
        known = {race.lines for race in self._result.races}
        self._result.races += [race for race in races if race.lines not in known]

    def _add_case(self, sort: Sort, made: Made) -> None:
        """Make ``made`` again, in this process, for what it raised."""
        assert made.token is not None
        with quiet(self._kernel):
            found = next((one for one in self._attempt(made.token) if one.sort == sort), None)
        if found is None:
            raise ProgramError(f"{self._program}: {two_ways()}")
        stall, number = self._kernel.stalled, self._result.executions
        case = Case(found, made.token, stall, made.strategy, number)
        self._cases[sort] = case
        self._result.cases.append(case)
        if not self._setup.every:
            self._result.strategy = made.strategy

    def replay(self, schedule: Schedule, seconds: float | None) -> None:
        """One execution, with what it prints."""
        result = self._result
        result.strategy = "replay"
        failures: list[Found] = []
        self._start(seconds)
        try:
            with self._watched():
                self._load()
                self._begin = time.perf_counter()
                failures = self._attempt(schedule)
        except OutOfTime as error:
            result.cut_off += error.cut_off
            return
        finally:
            result.seconds = time.perf_counter() - self._begin
        result.executions = result.distinct = 1
        result.steps = self._kernel.steps
        for found in failures:
            result.cases.append(Case(found, schedule, self._kernel.stalled, "replay", 1))
        if not failures:
            self._program.refuse_delays_left(self._kernel.left)

    def _load(self) -> None:
        self._executions = Executions(self._setup, self._kernel)
        if self._watcher is not None:
            self._watcher.begin(self._kernel)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Within the block, what hangs is ended. Raises `OutOfTime` when the time is up."""
        left = self._until - time.perf_counter()
        give_up = (lambda why: None) if self._watcher is None else self._watcher.give_up
        watch = Watch(self._kernel, left if math.isfinite(left) else None, give_up)
        try:
            with watch:
                yield
        except Interrupted:
            if watch.why:
                raise ProgramError(f"{self._program}: {watch.why}") from None
            if watch.expired:
                raise OutOfTime(1) from None
            raise

    def _attempt(self, plan: Plan) -> list[Found]:
        failures = self._executions.attempt(plan)
        self._add_races(self._executions.new_races)
        return failures

    def _minimise(self, case: Case) -> None:
        """Raises `ProgramError` if it does not fail so in a fresh process, loaded anew."""
        failure = case.failure

        def fails(plan: Plan) -> bool:
            if time.perf_counter() > self._until:
                return False
            again = self._attempt(plan)
            if self._watcher is not None:
                self._watcher.show(self._result, "minimising")
            return any(map(failure.is_like, again))

        case.schedule = minimise(self._executions.simulation, case.schedule, fails)
        for again in filter(failure.is_like, self._attempt(case.schedule)):
            case.failure, case.stall = again, self._kernel.stalled
        setup = replace(self._setup, strategy="random", stall=math.inf, shard=(0, 1))
        if not any(map(failure.is_like, Executions(setup).attempt(case.schedule))):
            raise ProgramError(f"{self._program}: {two_ways()}")

    def _explain(self, case: Case) -> None:
        """Say why, if what is tried leaves a claim. Accesses are recorded for that in any case."""
        races: Races = "error" if self._setup.races == "error" else "report"
        setup = replace(self._setup, strategy="random", races=races, shard=(0, 1))
        executions = Executions(setup, self._kernel)
        sort = case.failure.sort

        def fails(plan: Plan) -> bool | None:
            if time.perf_counter() > self._until:
                raise OutOfTime(0)
            sorts = executions.sorts(plan)
            if self._watcher is not None:
                self._watcher.show(self._result, "explaining")
            return True if sort in sorts else None if sorts else False

        case.why = why.explain(executions.simulation, case.schedule, fails)
