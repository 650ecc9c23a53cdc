"""Searches calls, and schedules of them, for some that no order explains.

Hypothesis draws the calls, and a strategy of `explore` chooses the schedules: one that is drawn
step by step costs more than its execution, and is of no use for other calls. So an example is
executed under several, always the same for the same calls, and fails as long as one does; of the
smallest one the schedule is made small in the end.

On real threads an example that failed may pass the next time, and Hypothesis has nothing to shrink:
so the first history that no order explains is reported as it is. It is judged in a simulated world,
where what would wait for good can be asked what it would give; and programs that wait for good in
the ordinary run are not made on real threads, as each would leave some behind.
"""

import hashlib
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import hypothesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from threadlab.decorator import smallest
from threadlab.errors import (
    CutOff,
    Failure,
    Interrupted,
    ProgramError,
    Unexplained,
    headline,
)
from threadlab.execution import Execution, as_failure, execution_of, mark
from threadlab.oracle.calls import Calls, drawn_calls
from threadlab.oracle.history import Call
from threadlab.oracle.operations import Operations
from threadlab.oracle.running import Runner
from threadlab.program import Program, quiet
from threadlab.scenario import Scenario
from threadlab.schedule import STALL, Schedule
from threadlab.search.explore import BOUND, STRATEGIES, explore
from threadlab.search.result import Result
from threadlab.simulation.frames import raise_at, with_own_frames
from threadlab.simulation.interruption import interruptible
from threadlab.simulation.simulation import Plan, Simulation
from threadlab.strategies import Setting
from threadlab.worlds import drawing, sampling

WorldName = Literal["simulated", "real"]

STEPS = 100_000
"""In one execution, after which it is cut off."""

PATIENCE = 1.0
"""In seconds, how long a real thread is waited for."""

SWITCH_INTERVAL = 1e-5
"""Of real threads: the smallest at which CPython still gets anywhere."""


def check(
    operations: type[Operations],
    calls: Calls | None = None,
    *,
    settings: hypothesis.settings | None = None,
    world: WorldName = "simulated",
) -> None:
    """Raise an error if calls are found that no order explains, under some schedule.

    Hypothesis draws the calls, as its ``settings`` say, and makes them small; or they are
    ``calls``, under the schedules of `explore`. In the ``world`` that is *real*, they are made by
    real threads, as a stress test: what is found there is neither made small nor replayed.

    Raises `Unexplained`; whatever else fails the execution, such as a `Livelock` or what an
    `invariant` raises; and `ProgramError`, whose message is one line, for operations that
    make no sense.
    """
    __tracebackhide__ = True
    if calls is not None and world == "simulated":
        search(operations, calls).check()
        return
    found = find(operations, calls, settings=settings, world=world)
    if found.error is not None:
        if isinstance(found.error, Unexplained):  # by no line in particular
            raise_at(found.error, operations.place())
        raise with_own_frames(found.error)


def search(operations: type[Operations], calls: Calls, **options: Any) -> Result:
    """`explore` the executions of ``calls``, with its ``options``. Raises `ProgramError`."""
    options.setdefault("races", "off")
    return explore(_with(program_of(operations), operations, calls), **options)


@dataclass
class Finding:
    """What has come of a search: ``error`` with ``calls`` under ``schedule``, if it has failed.

    ``programs`` of calls were tried, in ``executions``; ``cut_off`` are those of them of which
    nobody knows what they would have come to.
    """

    programs: int = 0
    executions: int = 0
    cut_off: int = 0
    seconds: float = 0.0
    calls: Calls | None = None
    schedule: Schedule | None = None
    error: BaseException | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, object]:
        error = self.error
        return {
            "found": error is not None,
            "programs": self.programs,
            "executions": self.executions,
            "cut_off": self.cut_off,
            "seconds": round(self.seconds, 6),
            "program": None if self.calls is None else self.calls.on_a_line(),
            "schedule": None if self.schedule is None else str(self.schedule),
            "failure": None if error is None else headline(error),
            "calls": error.calls if isinstance(error, Unexplained) else [],
        }


def find(
    operations: type[Operations],
    calls: Calls | None = None,
    *,
    settings: hypothesis.settings | None = None,
    seed: int | None = None,
    world: WorldName = "simulated",
    watcher: Callable[[Finding], object] = lambda finding: None,
) -> Finding:
    """As `check` says, but what is found is returned. ``watcher`` is shown each example."""
    __tracebackhide__ = True
    finding = Finding()
    if world == "simulated":
        executions: _Executions | _RealExecutions = _Executions(operations, finding)
    else:
        executions = _RealExecutions(operations, finding)
    drawn = drawn_calls(
        operations.checked(),
        operations.before,
        operations.threads,
        operations.beside,
        operations.after,
    )
    begin = time.perf_counter()

    @given(calls=drawn if calls is None else st.just(calls))
    def check(calls: Calls) -> None:
        __tracebackhide__ = True
        if finding.error is not None:  # on real threads, where that is the end
            return
        finding.programs += 1
        finding.seconds = time.perf_counter() - begin
        watcher(finding)
        with interruptible():
            executions.make(calls)

    settings = hypothesis.settings(
        settings or hypothesis.settings(),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    if world == "real":
        settings = hypothesis.settings(settings, phases=[Phase.generate], database=None)
    check = settings(check)
    drawing.set_for_simulation(check)
    if seed is not None:
        check = hypothesis.seed(seed)(check)
    # Or else the examples of all classes would be one in the database.
    name = f"{operations.__module__}:{program_of(operations).qualname}"
    inner: Any = check.hypothesis.inner_test  # type: ignore[attr-defined]
    inner._hypothesis_internal_add_digest = hashlib.sha384(name.encode()).digest()
    try:
        check()
    except (Interrupted, ProgramError):
        raise
    except BaseException as error:
        execution = execution_of(error)
        if execution is None:
            raise
        finding.error, finding.schedule = error, execution.schedule
    return finding


def summary(finding: Finding, seed: int, world: WorldName) -> str:
    """In a line."""
    programs = f"{finding.programs:,} program{'s'[: finding.programs != 1]} of calls"
    cut = f", {finding.cut_off:,} of them cut off" if finding.cut_off else ""
    figures = f"{programs}, {finding.executions:,} executions{cut} in {finding.seconds:.2f} s"
    where = f"seed {seed}" if world == "simulated" else "on real threads"
    if finding.error is not None:
        how = "found, and made small" if world == "simulated" else "found"
        return f"{how}: {figures}, {where}"
    return f"nothing found: {figures}, {where}"


class _Executions:
    """Those of one example after another; the program is loaded once."""

    def __init__(self, operations: type[Operations], finding: Finding) -> None:
        self._program = program_of(operations)
        self._operations = operations
        self._finding = finding
        self._loaded: tuple[Simulation, Scenario] | None = None
        self._passed: set[str] = set()  # calls, which Hypothesis may try again as it shrinks

    def make(self, calls: Calls) -> None:
        """As many as `Operations` says, with ``calls``, as long as none fails.

        Raises what went wrong in the first that fails; in the smallest example, under as few
        delays as may be.
        """
        __tracebackhide__ = True
        text = calls.on_a_line()
        if text in self._passed:
            return
        program = _with(self._program, self._operations, calls)
        shortly = _with(self._program, self._operations, calls, not drawing.is_final())
        assert shortly.carried is not None
        if self._loaded is None:
            with drawing.outside_of_example():
                _see_that_it_can_be_made(self._program)
                self._loaded = program.load(recording=False)
        simulation, scenario = self._loaded
        scenario = scenario.called_with(shortly.carried)
        error = None
        with quiet(simulation.kernel):
            for plan in self._plans(simulation, zlib.crc32(text.encode())):
                self._finding.executions += 1
                error = self._failure(scenario, plan)
                if error is not None:
                    break
        if error is None:
            self._passed.add(text)
            return
        if drawing.is_final():
            self._finding.calls = calls
            with drawing.outside_of_example():
                error = _shown(program, Schedule(simulation.kernel.taken), error)
        raise error

    def _plans(self, simulation: Simulation, seed: int) -> Iterator[Plan]:
        simulation.kernel.stall, simulation.kernel.limit = STALL, STEPS
        if sampling.fixed is not None:
            yield sampling.fixed
            return
        setting = Setting(simulation, seed, BOUND, lambda *_: True)
        strategy = STRATEGIES[self._operations.strategy](setting)
        for _ in range(self._operations.executions):
            if (plan := strategy.next()) is None:
                break
            yield plan
            strategy.done()

    def _failure(self, scenario: Scenario, plan: Plan) -> BaseException | None:
        assert self._loaded is not None
        try:
            self._loaded[0].execute(scenario, plan)
        except CutOff:
            self._finding.cut_off += 1
        except (Interrupted, ProgramError):
            raise
        except BaseException as error:
            return as_failure(error)
        return None


def _see_that_it_can_be_made(program: Program) -> None:
    """Raises `ProgramError` if there is no object of which anything could be called."""
    simulation, scenario = program.carrying((Calls(),), {}).load(recording=False)
    try:
        with quiet(simulation.kernel):
            simulation.execute(scenario)
    except (Interrupted, ProgramError):
        raise
    except Exception as error:
        name = program.qualname.rpartition(".")[0]
        raise ProgramError(f"{name}: it cannot be made: {headline(error)}") from None


def _shown(program: Program, schedule: Schedule, error: BaseException) -> BaseException:
    """``error``, with what it takes to show the execution and to make it again."""
    simulation, scenario = program.load(recording=True)
    kernel = simulation.kernel
    kernel.stall, kernel.limit = STALL, STEPS
    mark(error, Execution(simulation, scenario, schedule), sampling.under(schedule))
    with quiet(kernel):
        error = smallest(error)
    execution = execution_of(error)
    if execution is not None:
        again = Result(program, "replay", 0, schedule=execution.schedule).again
        error.add_note(f"Again: {again}")
    return error


class _RealExecutions:
    """Those of one example after another on real threads, until the first that fails."""

    def __init__(self, operations: type[Operations], finding: Finding) -> None:
        self._operations = operations
        self._finding = finding
        name = program_of(operations).qualname.rpartition(".")[0]
        self._judge = program_of(operations, f"{name}.judge")
        self._loaded: tuple[Simulation, Scenario] | None = None

    def make(self, calls: Calls) -> None:
        """As many as `Operations` says."""
        if not self._returns(calls):
            return
        for _ in range(self._operations.executions):
            self._finding.executions += 1
            with _switching_often():
                history = Runner(None, PATIENCE).history(calls, self._operations()._target())
            try:
                self._simulated(calls, history)
            except CutOff:
                self._finding.cut_off += 1
            except (Interrupted, ProgramError):
                raise
            except BaseException as error:
                self._finding.error, self._finding.calls = error, calls
                return

    def _returns(self, calls: Calls) -> bool:
        """Whether all of ``calls`` do, in the ordinary run of a simulated world."""
        try:
            return bool(self._simulated(calls, None))
        except Failure:
            return True

    def _simulated(self, calls: Calls, history: Sequence[Call] | None) -> object:
        program = self._judge.carrying((calls, history), {})
        assert program.carried is not None
        if self._loaded is None:
            with drawing.outside_of_example():
                self._loaded = program.load(recording=False)
        simulation, scenario = self._loaded
        with quiet(simulation.kernel):
            return simulation.execute(scenario.called_with(program.carried))


@contextmanager
def _switching_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _with(
    program: Program, operations: type[Operations], calls: Calls, in_short: bool = False
) -> Program:
    """``program``, called with ``calls``. Raises `ProgramError` if there are no such operations."""
    known = {one.name for one in operations.checked()}
    for _, _, several in calls.parts():
        for call in several:
            if call.name not in known:
                there = ", ".join(sorted(known))
                raise ProgramError(
                    f"{operations.__name__}: no operation {call.name}; there are {there}"
                )
    name = str(replace(program, qualname=program.qualname.rpartition(".")[0]))
    command = ("check", name, "--calls", calls.on_a_line())
    return replace(program.carrying((calls, in_short), {}), command=command)


def program_of(operations: type[Operations], qualname: str = "") -> Program:
    """What is executed: `Operations.run_calls`, in the file of ``operations``.

    Raises `ProgramError` if it cannot be found there by a name.
    """
    module: Any = sys.modules.get(operations.__module__)
    names: Mapping[str, object] = vars(module) if module is not None else {}
    name = _name_of(operations, names)
    if name is None:
        raise ProgramError(
            f"{operations.__name__}: it has no name at the top of its module, and is not found"
        )
    file = getattr(module, "__file__", None)
    if file is None:
        raise ProgramError(f"{name}: its module, {operations.__module__}, has no file")
    program = Program(file, qualname or f"{name}.run_calls", daemons=True)
    return program.including(operations.include)


def _name_of(operations: type[Operations], names: Mapping[str, object]) -> str | None:
    first, *rest = operations.__qualname__.split(".")
    value = names.get(first)
    for part in rest:
        value = getattr(value, part, None)
    if value is operations:
        return operations.__qualname__
    for name, value in names.items():
        if value is operations:
            return name
        if getattr(value, "operations", None) is operations:
            return f"{name}.operations"
    return None
