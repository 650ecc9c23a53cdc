"""Searches calls, and schedules of them, for some that no order explains.

Hypothesis draws the calls, and a strategy of `explore` chooses the schedules: one that is drawn
step by step costs more than its execution, and is of no use for other calls. So an example is
executed under several, always the same for the same calls, and fails as long as one does. The
first that fails is shrunk by `shrinking`, not by Hypothesis; in the end its schedule is minimised.

On real threads an example that failed may pass the next time, and Hypothesis has nothing to shrink:
so the first history that no order explains is reported as it is. It is judged in a simulated world,
where what would wait for good can be asked what it would give; and programs that wait for good in
the default run are not made on real threads, as each would leave some behind.
"""

import hashlib
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import hypothesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

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
from threadlab.oracle.calls import Calls, Operation, drawn_calls
from threadlab.oracle.operations import Operations, operations_in
from threadlab.oracle.running import Runner
from threadlab.oracle.shrinking import made_small
from threadlab.program import Program, quiet
from threadlab.scenario import Scenario
from threadlab.schedule import PROMPT, Schedule
from threadlab.search.executions import STRATEGIES
from threadlab.search.explore import BOUND, explore
from threadlab.search.result import Result, again
from threadlab.simulation.frames import raise_at, with_own_frames
from threadlab.simulation.interruption import interruptible
from threadlab.simulation.simulation import Plan
from threadlab.strategies import Setting
from threadlab.worlds import drawing, sampling

WorldName = Literal["simulated", "real"]

STEPS = 100_000
"""In one execution, after which it is cut off."""

PATIENCE = 1.0
"""In seconds, how long a real thread is waited for."""

SWITCH_INTERVAL = 1e-5
"""Of real threads: the smallest at which CPython still makes progress."""


def check(
    operations: type[Operations],
    calls: Calls | None = None,
    *,
    settings: hypothesis.settings | None = None,
    world: WorldName = "simulated",
) -> None:
    """Search for calls that no order of them explains, and raise an error if there are any.

    Hypothesis draws programs of calls, as its ``settings`` say; the first that fails is shrunk.
    Without settings, it draws five times as many as it draws examples of other tests. With
    ``calls``, these are made, under the schedules of `explore`. With ``world="real"``, real threads
    make the calls, as a stress test: a failure there is neither shrunk nor replayed.

    Raises `Unexplained`; or what else makes the execution fail, such as a `Livelock` or what an
    `invariant` raises; or `ProgramError`, whose message is one line, for operations that make no
    sense.
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
    options.setdefault("stall", operations.stall)
    program = program_with(operations, calls)
    result = explore(program, **options)
    if not result.found and options.get("replay") is None:
        simulation, scenario = program.load(recording=False)
        simulation.kernel.limit = STEPS
        with suppress(CutOff), quiet(simulation.kernel):
            mistakes: Any = simulation.execute(scenario)
            _refuse_mistakes(operations, mistakes)
    return result


def program_with(operations: type[Operations], calls: Calls) -> Program:
    """The program that makes ``calls``, and judges them. Raises `ProgramError`."""
    operations.refuse(calls)
    return _with(program_of(operations), calls)


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
    mistakes: dict[str, str] = field(default_factory=dict, repr=False)

    def note(self, mistakes: Mapping[str, str]) -> None:
        """Those of an execution; it is none if another call of the operation does not make it."""
        for name, said in mistakes.items():
            self.mistakes[name] = said and self.mistakes.get(name, said)

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
    stall: float | None = None,
    world: WorldName = "simulated",
    watcher: Callable[[Finding], object] = lambda finding: None,
) -> Finding:
    """As `check` says, but what is found is returned. ``watcher`` is shown each example.

    ``stall`` is that of the operations, unless it is given.
    """
    __tracebackhide__ = True
    finding = Finding()
    if operations.strategy not in STRATEGIES:
        known = ", ".join(STRATEGIES)
        raise ProgramError(
            f"{operations.__name__}: no strategy {operations.strategy!r}; there are {known}"
        )
    if calls is None:
        drawn = drawn_calls(
            operations.checked(),
            operations.before,
            operations.threads,
            operations.beside,
            operations.after,
        )
    else:
        operations.refuse(calls)
        drawn = st.just(calls)
    examples = (_Simulated if world == "simulated" else _Real)(operations, finding)
    examples.stall = operations.stall if stall is None else stall
    examples.watcher = watcher

    @given(calls=drawn)
    def check(calls: Calls) -> None:
        __tracebackhide__ = True
        with interruptible():
            examples.make(calls)

    settings = hypothesis.settings(
        settings or hypothesis.settings(max_examples=5 * hypothesis.settings().max_examples),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    shrinks = calls is None and Phase.shrink in settings.phases
    phases = [phase for phase in settings.phases if phase != Phase.shrink]  # which we do
    settings = hypothesis.settings(settings, phases=phases)
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
    except Unsatisfiable:
        raise ProgramError(f"{operations.__name__}: there are no calls to draw") from None
    except BaseException as error:
        if finding.calls is None or isinstance(error, KeyboardInterrupt):
            raise
    if finding.calls is not None:
        examples.show(operations.checked() if shrinks else ())
    else:
        _refuse_mistakes(operations, finding.mistakes)
    return finding


def summary(finding: Finding, seed: int, world: WorldName) -> str:
    """In a line."""
    programs = f"{finding.programs:,} program{'s'[: finding.programs != 1]} of calls"
    cut = f", {finding.cut_off:,} of them cut off" if finding.cut_off else ""
    figures = f"{programs}, {finding.executions:,} executions{cut} in {finding.seconds:.2f} s"
    where = f"seed {seed}" if world == "simulated" else "on real threads"
    if finding.error is not None:
        how = "found, and shrunk" if world == "simulated" else "found"
        return f"{how}: {figures}, {where}"
    return f"nothing found: {figures}, {where}"


class _Examples:
    """One after another, of `Operations.run_calls` or another ``method``, which is loaded once.

    Raises `ProgramError` if it cannot be.
    """

    method = "run_calls"
    stall: float
    watcher: Callable[[Finding], object]

    def __init__(self, operations: type[Operations], finding: Finding) -> None:
        self._begin = time.perf_counter()
        self._operations = operations
        self._program = program_of(operations, self.method)
        self._finding = finding
        program = self._program.carrying((Calls(),), {})
        self._simulation, self._scenario = program.load(recording=False)
        self._see_that_it_can_be_made()

    def make(self, calls: Calls) -> None:
        """As many executions of ``calls`` as `Operations` says, as long as none fails."""
        raise NotImplementedError

    def show(self, operations: Sequence[Operation]) -> None:
        """What has failed, its calls shrunk if there are ``operations`` to do it by."""

    def _count(self) -> None:
        """One program more."""
        finding = self._finding
        finding.programs += 1
        finding.seconds = time.perf_counter() - self._begin
        self.watcher(finding)

    def _see_that_it_can_be_made(self) -> None:
        """Raises `ProgramError` if there is no object of which anything could be called."""
        try:
            with quiet(self._simulation.kernel):
                self._execute(self._scenario)
        except (Interrupted, ProgramError):
            raise
        except Exception as error:
            what = f"{self._operations.__name__}: it cannot be made: {headline(error)}"
            raise ProgramError(what) from None

    def _called_with(self, *arguments: object) -> Scenario:
        carried = self._program.carrying(arguments, {}).carried
        assert carried is not None
        return self._scenario.called_with(carried)

    def _execute(self, scenario: Scenario, plan: Plan = PROMPT) -> Any:
        return self._simulation.execute(scenario, plan)

    def _failure(self, scenario: Scenario, plan: Plan = PROMPT) -> BaseException | None:
        """What goes wrong in an execution that is not cut off."""
        self._finding.executions += 1
        try:
            mistakes = self._execute(scenario, plan)
        except CutOff:
            self._finding.cut_off += 1
        except (Interrupted, ProgramError):
            raise
        except BaseException as error:
            return as_failure(error)
        self._finding.note(mistakes)
        return None


class _Simulated(_Examples):
    def __init__(self, operations: type[Operations], finding: Finding) -> None:
        super().__init__(operations, finding)
        self._passed: set[str] = set()  # calls, which may be tried again when they are shrunk
        self._failed: tuple[str, BaseException] | None = None
        self._failing: dict[str, Schedule] = {}  # calls, and the schedules under which they did

    def make(self, calls: Calls) -> None:
        """Raises what fails; the first time, for Hypothesis makes it again and again."""
        __tracebackhide__ = True
        text = calls.on_a_line()
        if self._failed is not None and self._failed[0] == text:
            raise self._failed[1]
        error = self._tried(calls)
        if error is not None:
            self._failed = text, error
            self._finding.calls = calls
            raise error

    def show(self, operations: Sequence[Operation]) -> None:
        """In the smallest example that fails in any way, under as few delays as may be."""
        finding = self._finding
        assert finding.calls is not None
        if operations:
            finding.calls = made_small(
                finding.calls, operations, lambda calls: self._tried(calls) is not None
            )
        error = self._tried(finding.calls, in_short=False)
        if error is None:
            name = self._operations.__qualname__
            raise ProgramError(f"{name}: the same calls under the same schedule fail, then do not")
        schedule = self._failing[finding.calls.on_a_line()]
        error = _shown(self._program, finding.calls, schedule, error, self.stall)
        finding.seconds = time.perf_counter() - self._begin
        finding.error = error
        execution = execution_of(error)
        finding.schedule = schedule if execution is None else execution.schedule

    def _tried(self, calls: Calls, in_short: bool = True) -> BaseException | None:
        """What goes wrong in the first execution of ``calls`` that fails, if one does."""
        self._count()
        text = calls.on_a_line()
        if text in self._passed:
            return None
        scenario = self._called_with(calls, in_short)
        with quiet(self._simulation.kernel):
            for plan in self._plans(text):
                error = self._failure(scenario, plan)
                if error is not None:
                    self._failing[text] = Schedule(self._simulation.kernel.taken)
                    return error
                if len(calls.threads) < 2 and self._simulation.kernel.begun <= 2:
                    break  # one thread has nobody to take turns with
        self._passed.add(text)
        return None

    def _plans(self, text: str) -> Iterator[Plan]:
        kernel = self._simulation.kernel
        kernel.stall, kernel.limit = self.stall, STEPS
        if sampling.fixed is not None:
            yield sampling.fixed
            return
        # With other arguments it often is the last one.
        yield from [self._failing.get(text, last) for last in [*self._failing.values()][-1:]]
        setting = Setting(self._simulation, zlib.crc32(text.encode()), BOUND, lambda *_: True)
        strategy = STRATEGIES[self._operations.strategy](setting)
        # What shrinks it is not to be missed.
        for _ in range(self._operations.executions * (1 + (self._failed is not None))):
            if (plan := strategy.next()) is None:
                break
            yield plan
            strategy.done()


def _shown(
    program: Program, calls: Calls, schedule: Schedule, error: BaseException, stall: float
) -> BaseException:
    """``error``, with what it takes to show the execution and to make it again."""
    program = _with(program, calls)
    simulation, scenario = program.load(recording=True)
    kernel = simulation.kernel
    kernel.stall, kernel.limit = stall, STEPS
    carried = program.carrying((calls, True), {}).carried
    assert carried is not None
    in_short = scenario.called_with(carried)  # what takes longest is to say why it fails
    mark(error, Execution(simulation, in_short, schedule), sampling.under(schedule))
    with quiet(kernel):
        execution = execution_of(smallest(error))
        if execution is not None:
            schedule = execution.schedule
        try:
            simulation.execute(scenario, schedule)
        except Interrupted:
            raise
        except BaseException as raised:
            error = as_failure(raised)
    mark(error, Execution(simulation, scenario, schedule), sampling.under(schedule))
    if calls.are_literal():
        error.add_note(f"Again: {again(program, schedule, None)}")
    return error


class _Real(_Examples):
    """On real threads, until the first that fails; what comes of the calls is judged elsewhere."""

    method = "judge"

    def make(self, calls: Calls) -> None:
        if self._finding.error is not None:  # which is the end
            return
        self._count()
        if not self._returns(calls):
            return
        for _ in range(self._operations.executions):
            with _switching_often():
                history = Runner(None, PATIENCE).history(calls, self._operations()._target())
            error = self._failure(self._called_with(calls, history))
            if error is not None:
                self._finding.error, self._finding.calls = error, calls
                return

    def _returns(self, calls: Calls) -> bool:
        """Whether all of ``calls`` do, in the default run of a simulated world."""
        try:
            with quiet(self._simulation.kernel):
                return self._execute(self._called_with(calls)) is not None
        except Failure:
            return True


@contextmanager
def _switching_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _refuse_mistakes(operations: type[Operations], mistakes: Mapping[str, str]) -> None:
    """Raise `ProgramError` for an operation of which all calls raised what looks misspelled.

    That is explained by any order: so nothing would ever be found.
    """
    for name, said in mistakes.items():
        if said and operations.model is None:
            what = f"{operations.__name__}.{name}: all of its calls raised {said}"
            raise ProgramError(f"{what}; if that is meant, catch it, or let a model raise it")


def _with(program: Program, calls: Calls) -> Program:
    """``program``, called with ``calls``, as ``threadlab check`` is told of it."""
    name = str(replace(program, qualname=program.qualname.rpartition(".")[0]))
    command = ("check", name, "--calls", calls.on_a_line())
    return replace(program.carrying((calls,), {}), command=command)


def program_of(operations: type[Operations], method: str = "run_calls") -> Program:
    """What is executed: that ``method`` of `Operations`, in the file of ``operations``.

    Raises `ProgramError` if it cannot be found there by a name.
    """
    module: Any = sys.modules.get(operations.__module__)
    name = _name_of(operations, {} if module is None else vars(module))
    if name is None:
        raise ProgramError(
            f"{operations.__name__}: it has no name at the top of its module, and is not found"
        )
    file = getattr(module, "__file__", None)
    if file is None:
        raise ProgramError(f"{name}: its module, {operations.__module__}, has no file")
    program = Program(file, f"{name}.{method}", daemons=True)
    return program.including(operations.include)


def _name_of(operations: type[Operations], names: Mapping[str, object]) -> str | None:
    first, *rest = operations.__qualname__.split(".")
    value = names.get(first)
    for part in rest:
        value = getattr(value, part, None)
    if value is operations:
        return operations.__qualname__
    for name, value in names.items():
        if operations_in(value) is operations:
            return name if value is operations else f"{name}.operations"
    return None
