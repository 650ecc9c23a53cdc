"""``@interleaved``: the body of a test is a scenario, executed under many schedules.

It is never run for real. Its module is loaded anew into a simulated world, where the body is found
by its name, and what the test is called with is carried there as to another process.

Who chooses the schedules? Outside of Hypothesis, the search of `explore`. Under ``@given``, an
example is its data and a few schedules, drawn together: so they shrink together and replay from
the database. The test may be decorated in either order.
"""

import functools
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, overload

from threadlab.errors import DataRace, Interrupted, ProgramError, ThreadlabError, missing
from threadlab.schedule import STALL

if TYPE_CHECKING:
    from threadlab.program import Program
    from threadlab.scenario import Scenario
    from threadlab.simulation.simulation import Plan
    from threadlab.worlds.sampling import Sampler

P = ParamSpec("P")

EXECUTIONS = 1000


@dataclass(frozen=True)
class _Setting:
    executions: int | None
    seconds: float | None
    strategy: str | None
    races: bool
    stall: float
    include: tuple[str, ...]
    daemons: bool


@overload
def interleaved(test: Callable[P, object], /) -> Callable[P, None]: ...
@overload
def interleaved(
    *,
    executions: int | None = None,
    seconds: float | None = None,
    strategy: str | None = None,
    races: bool = False,
    stall: float = STALL,
    include: Sequence[str] = (),
    daemons: Literal["fail", "allow"] = "fail",
) -> Callable[[Callable[P, object]], Callable[P, None]]: ...
def interleaved(
    test: Callable[..., object] | None = None,
    /,
    *,
    executions: int | None = None,
    seconds: float | None = None,
    strategy: str | None = None,
    races: bool = False,
    stall: float = STALL,
    include: Sequence[str] = (),
    daemons: Literal["fail", "allow"] = "fail",
) -> Callable[..., Any]:
    """Decorate a test: its body is executed in a simulated world, under many schedules.

    The body builds its own state, starts threads, joins them and asserts. If an execution fails,
    its schedule is minimised, and the test fails as that execution does: with what a thread raised,
    or with a `Failure` such as a `Deadlock`.

    - ``executions`` (1000 by default) and ``seconds`` limit the search; ``strategy`` is that of
      `explore`. Each run of the test makes the same executions.
    - With ``races``, a data race is a failure, too.
    - ``stall`` is for how many simulated seconds, at most, a thread that could run is preempted
      while time passes; 0.5 by default. 0: time passes only when all threads wait; `math.inf`: no
      limit.
    - ``include`` names installed packages and modules of the standard library in which threads are
      preempted, too.
    - With ``daemons="allow"``, a daemon thread that still runs at the end is not a leaked thread.

    Under Hypothesis' ``@given``, above or below, Hypothesis draws the schedules, so ``seconds`` and
    ``strategy`` cannot be given. ``executions`` (8 by default) is then how many schedules each
    example has at most, besides the default schedule.

    It decorates functions of a module, and methods of classes there: each execution has a new
    instance, set up by ``setup_method``, or by ``setUp`` if it is a `unittest.TestCase`. Arguments,
    from fixtures, from ``parametrize`` or drawn, are copied with `pickle`.

    Raises `ProgramError`, whose message is one line, for a test that cannot be executed like this.

    >>> @interleaved(executions=100)
    ... def test_sale():
    ...     ...
    >>> test_sale.__name__
    'test_sale'
    """
    if isinstance(include, str):
        raise ProgramError(f"@interleaved: include={include!r} is not a list of names")
    if daemons not in ("fail", "allow"):
        raise ProgramError(f"@interleaved: no daemons={daemons!r}; there are fail, allow")
    allow = daemons == "allow"
    setting = _Setting(executions, seconds, strategy, races, stall, tuple(include), allow)
    if executions is not None and executions < 1:
        raise ProgramError(f"@interleaved: executions={executions} is not at least 1")
    if not stall >= 0:
        raise ProgramError(f"@interleaved: stall={stall} is not at least 0")
    if test is None:
        return functools.partial(_decorated, setting=setting)
    return _decorated(test, setting)


def _decorated(test: Callable[..., object], setting: _Setting) -> Callable[..., object]:
    if not isinstance(test, FunctionType):
        raise ProgramError(f"@interleaved takes a function, not {test!r}; let it be the innermost")
    given: Any = getattr(test, "hypothesis", None)
    if given is None:
        return _wrapped(test, setting)
    _refuse_under_given(given.inner_test, setting)
    given.inner_test = _wrapped(given.inner_test, setting)  # as Hypothesis has it for plugins
    return test


def _wrapped(body: Any, setting: _Setting) -> Callable[..., None]:
    def test(*args: object, **kwargs: object) -> None:
        __tracebackhide__ = True
        _run(body, setting, args, kwargs)

    code = body.__code__
    test.__code__ = test.__code__.replace(  # for Hypothesis, which shows the head of what it calls
        co_filename=code.co_filename, co_firstlineno=code.co_firstlineno
    )
    vars(test)["__interleaved__"] = body  # for whoever loads it
    return functools.wraps(body)(test)


def _refuse_under_given(body: Callable[..., object], setting: _Setting) -> None:
    for name in ("strategy", "seconds"):
        if getattr(setting, name) is not None:
            raise ProgramError(
                f"{body.__qualname__}: @interleaved({name}=...) has no place under @given, where "
                "Hypothesis draws the schedules; its settings say how many examples there are"
            )


def _run(
    body: Callable[..., object],
    setting: _Setting,
    args: tuple[object, ...],
    kwargs: Mapping[str, object],
) -> None:
    __tracebackhide__ = True
    try:  # late, so that collecting tests loads nothing of this
        import threadlab.program  # noqa: F401  # which needs what the extra brings
        from threadlab.simulation.frames import raise_at, with_own_frames
        from threadlab.simulation.interruption import interruptible
    except ModuleNotFoundError as error:
        raise ProgramError(missing(error)) from None
    try:
        with interruptible():
            _execute(body, setting, args, kwargs)
    except ThreadlabError as error:
        raise_at(error, body.__code__)
    except BaseException as error:
        raise with_own_frames(error)  # noqa: B904  # it is the same error


def _execute(
    body: Callable[..., object],
    setting: _Setting,
    args: tuple[object, ...],
    kwargs: Mapping[str, object],
) -> None:
    __tracebackhide__ = True
    from threadlab.program import Program, body_of
    from threadlab.worlds import sampling

    program = Program.of(body)
    first = next(iter(inspect.signature(body).parameters), "")
    receiver = args[0] if args else kwargs.get(first)  # Hypothesis gives self by its name
    owner = receiver if isinstance(receiver, type) else type(receiver)
    stateful = sys.modules.get("hypothesis.stateful")
    if stateful is not None and issubclass(owner, stateful.RuleBasedStateMachine):
        raise ProgramError(f"{program}: a rule cannot be tested alone: its machine has the state")
    method = inspect.getattr_static(owner, body.__name__, None)
    attributes: Mapping[str, object] = {}
    if body_of(getattr(method, "__func__", method)) is body:
        args = args[1:]
        kwargs = {name: value for name, value in kwargs.items() if name != first}
        file = getattr(sys.modules.get(owner.__module__), "__file__", None)  # if inherited
        program = Program(file or program.file, f"{owner.__qualname__}.{body.__name__}")
        if receiver is not owner:
            own = vars(receiver)  # in which pytest puts the method of a unittest class
            attributes = {name: own[name] for name in own if not hasattr(owner, name)}
    program = replace(program.including(setting.include), daemons=setting.daemons)
    if args or kwargs or attributes:
        program = program.carrying(args, kwargs, attributes)
    if _in_example():
        _refuse_under_given(body, setting)
        _sample(program, setting)
    elif sampling.fixed is not None:
        _sample(program, setting)
    else:
        _search(program, setting)


def _in_example() -> bool:
    if "hypothesis" not in sys.modules:
        return False
    from threadlab.worlds.drawing import in_example

    return in_example()


def _search(program: "Program", setting: _Setting) -> None:
    from threadlab.execution import Execution, as_failure, mark
    from threadlab.search.executions import STRATEGIES
    from threadlab.search.explore import explore
    from threadlab.worlds.sampling import under

    if setting.strategy not in (None, *STRATEGIES):
        known = ", ".join(STRATEGIES)
        raise ProgramError(f"@interleaved: no strategy {setting.strategy!r}; there are {known}")
    result = explore(
        program,
        strategy=setting.strategy or "portfolio",
        executions=setting.executions or EXECUTIONS,
        seconds=setting.seconds,
        races="error" if setting.races else "off",
        stall=setting.stall,
    )
    if result.failure is not None and result.schedule is not None:
        error = as_failure(result.failure.error)
        simulation, scenario = program.load(recording=True)
        mark(error, Execution(simulation, scenario, result.schedule), under(result.schedule))
        raise error


def smallest(error: BaseException) -> BaseException:
    """``error``, of the smallest example, as it is raised under as few delays as may be."""
    from threadlab.execution import Execution, execution_of, mark
    from threadlab.search.minimise import minimise
    from threadlab.search.result import Found
    from threadlab.worlds.sampling import under

    execution = execution_of(error)
    if execution is None or isinstance(error, DataRace):
        return error
    simulation, scenario, schedule = execution
    found = Found.of(error, "")

    def attempt(plan: "Plan") -> BaseException | None:
        try:
            simulation.execute(scenario, plan)
        except Interrupted:
            raise
        except BaseException as raised:
            return raised
        return None

    def fails(plan: "Plan") -> bool:
        raised = attempt(plan)
        return raised is not None and found.is_like(Found.of(raised, ""))

    schedule = minimise(simulation, schedule, fails)
    again = attempt(schedule)
    if again is None:
        return error
    mark(again, Execution(simulation, scenario, schedule), under(schedule))
    return again


_last: "tuple[object, Sampler, Scenario] | None" = None
"""The program without arguments, its sampler, its scenario: the next example has the same."""


def _sample(program: "Program", setting: _Setting) -> None:
    global _last
    __tracebackhide__ = True
    from threadlab.worlds import drawing
    from threadlab.worlds.sampling import SCHEDULES, Sampler

    key = (program.file, program.qualname, setting)
    if _last is None or _last[0] != key:
        with drawing.outside_of_example():
            simulation, scenario = program.load(recording=True)
        sampler = Sampler(simulation, races=setting.races, holding=True, stall=setting.stall)
        _last = key, sampler, scenario
    _key, sampler, scenario = _last
    if program.carried is not None:
        scenario = scenario.called_with(program.carried)
    most = setting.executions or SCHEDULES
    if drawing.in_example():
        draw = drawing.draw_of_example()
        try:
            sampler.run(drawing.repeatable(scenario), key, draw, most)
        except BaseException as error:
            if not drawing.is_final():
                raise
            raise smallest(error) from None
    else:
        sampler.run(scenario, key, None, most)
        program.refuse_delays_left(sampler.simulation.kernel.left)
