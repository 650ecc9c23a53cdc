"""Searches calls, and schedules of them, for some that no order explains.

Hypothesis draws the calls, and a seed. A strategy of `explore` makes schedules of that seed: a
schedule drawn step by step costs more than its execution, and is of no use for other calls. So an
example is executed under several, and fails as long as one does; of the smallest one the schedule
is made small in the end.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import hypothesis
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from threadlab.decorator import smallest
from threadlab.errors import CutOff, Interrupted, ProgramError
from threadlab.execution import Execution, as_failure, mark
from threadlab.oracle.calls import Calls, drawn_calls
from threadlab.oracle.operations import Operations
from threadlab.program import Program, quiet
from threadlab.scenario import Scenario
from threadlab.schedule import STALL, Schedule
from threadlab.search.explore import BOUND, STRATEGIES, explore
from threadlab.search.result import Result
from threadlab.simulation.interruption import interruptible
from threadlab.simulation.simulation import Plan, Simulation
from threadlab.strategies import Setting
from threadlab.worlds import drawing, sampling

STEPS = 100_000
"""In one execution, after which it is cut off."""


def check(
    operations: type[Operations],
    calls: Calls | None = None,
    *,
    settings: hypothesis.settings | None = None,
) -> None:
    """Raise an error if calls are found that no order explains, under some schedule.

    Hypothesis draws the calls, as its ``settings`` say, and makes them small; or they are
    ``calls``, under the schedules of `explore`.

    Raises `Unexplained`; whatever else fails the execution, such as a `Livelock` or what an
    `invariant` raises; and `ProgramError`, whose message is one line, for operations that
    make no sense.
    """
    __tracebackhide__ = True
    if calls is not None:
        search(operations, calls).check()
        return
    executions = _Executions(operations)
    drawn = drawn_calls(
        operations._checked(),
        operations.before,
        operations.threads,
        operations.beside,
        operations.after,
    )

    @given(calls=drawn, seed=st.integers(0, 1 << 16))
    def check(calls: Calls, seed: int) -> None:
        __tracebackhide__ = True
        with interruptible():
            executions.make(calls, seed)

    check = hypothesis.settings(
        settings or hypothesis.settings(),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )(check)
    drawing.set_for_simulation(check)
    # Or else the examples of all classes would be one in the database.
    name = f"{operations.__module__}:{program_of(operations).qualname}"
    inner: Any = check.hypothesis.inner_test  # type: ignore[attr-defined]
    inner._hypothesis_internal_add_digest = hashlib.sha384(name.encode()).digest()
    check()


def search(operations: type[Operations], calls: Calls, **options: Any) -> Result:
    """`explore` the executions of ``calls``, with its ``options``. Raises `ProgramError`."""
    known = {one.name for one in operations._checked()}
    for _, _, several in calls.parts():
        for call in several:
            if call.name not in known:
                there = ", ".join(sorted(known))
                raise ProgramError(
                    f"{operations.__name__}: no operation {call.name}; there are {there}"
                )
    options.setdefault("races", "off")
    return explore(_with(program_of(operations), calls), **options)


class _Executions:
    """Those of one example after another; the program is loaded once."""

    def __init__(self, operations: type[Operations]) -> None:
        self._program = program_of(operations)
        self._operations = operations
        self._loaded: tuple[Simulation, Scenario] | None = None

    def make(self, calls: Calls, seed: int) -> None:
        """As many as `Operations` says, with ``calls``, under schedules that ``seed`` chooses.

        Raises what went wrong in the first that fails; in the smallest example, under as few
        delays as may be.
        """
        __tracebackhide__ = True
        program = _with(self._program, calls)
        if self._loaded is None:
            with drawing.outside_of_example():
                self._loaded = program.load(recording=False)
        simulation, scenario = self._loaded
        scenario = scenario.called_with(program.carried)  # type: ignore[arg-type]
        error = None
        with quiet(simulation.kernel):
            for plan in self._plans(simulation, seed):
                error = _failure(simulation, scenario, plan)
                if error is not None:
                    break
        if error is None:
            return
        if drawing.is_final():
            schedule = Schedule(simulation.kernel.taken)
            with drawing.outside_of_example():
                shown, again = program.load(recording=True)
            shown.kernel.stall, shown.kernel.limit = STALL, STEPS
            mark(error, Execution(shown, again, schedule), sampling.under(schedule))
            error = smallest(error)
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


def _failure(simulation: Simulation, scenario: Scenario, plan: Plan) -> BaseException | None:
    try:
        simulation.execute(scenario, plan)
    except CutOff:
        return None
    except (Interrupted, ProgramError):
        raise
    except BaseException as error:
        return as_failure(error)
    return None


def _with(program: Program, calls: Calls) -> Program:
    return program.carrying((calls,), {})


def program_of(operations: type[Operations]) -> Program:
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
    return Program(file, f"{name}.run_calls", daemons=True)


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
