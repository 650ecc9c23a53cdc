"""What a user writes: which calls an object has, and what is asked of them.

Native to whoever knows the stateful tests of Hypothesis: a class, a decorator for each operation,
and a ``TestCase`` that pytest and unittest collect. The class is never used for real: its module is
loaded anew into a simulated world, where it is found by its name. So it builds its own object.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from types import CodeType, FunctionType
from typing import Any, ClassVar, TypeVar, overload
from unittest import TestCase

from hypothesis import strategies as st
from hypothesis.stateful import Bundle

from threadlab.errors import CutOff, ProgramError, Unexplained, headline, note
from threadlab.executing import executing
from threadlab.oracle import report
from threadlab.oracle.calls import Calls, Operation, first_of_the_same
from threadlab.oracle.history import BEFORE, BESIDE, Call, mistakes
from threadlab.oracle.order import (
    CONSISTENCIES,
    Consistency,
    equal,
    explain,
    independent,
    when_responded,
)
from threadlab.oracle.running import Runner
from threadlab.oracle.specification import Function, OneOf, Replayed, Specification
from threadlab.schedule import STALL

LEAST = {
    "before": 0,
    "threads": 2,
    "beside": 1,
    "after": 0,
    "executions": 1,
    "stall": 0,
    "patience": 0,
}
"""What attributes of `Operations` may be at least."""

OPTIONS = ("model", "consistency", "same", "key", "include", "strategy", *LEAST)
"""What `Operations.of` takes."""

LIMIT = 5_000
"""Calls put in their place before it is given up to find an order: each is made."""

F = TypeVar("F", bound=Callable[..., object])

Arguments = Sequence[st.SearchStrategy[Any]] | Mapping[str, st.SearchStrategy[Any]]


@overload
def operation(method: F, /) -> F: ...
@overload
def operation(*, target: Bundle[Any] | None = None, **arguments: Any) -> Callable[[F], F]: ...
def operation(
    method: F | None = None, /, *, target: Bundle[Any] | None = None, **arguments: Any
) -> Any:
    """Decorate a method of `Operations`: threads may call it, with ``arguments`` that are drawn.

    As with Hypothesis' ``rule``, what it returns goes to the bundle ``target``, and an argument
    that is drawn from a bundle is what an earlier call has returned.
    """

    def decorate(method: F) -> F:
        vars(method)["__operation__"] = (target, arguments)
        return method

    return decorate if method is None else decorate(method)


@overload
def invariant(method: F, /) -> F: ...
@overload
def invariant(*, at_each_step: bool = False) -> Callable[[F], F]: ...
def invariant(method: F | None = None, /, *, at_each_step: bool = False) -> Any:
    """Decorate a method of `Operations`: it is called whenever no call is in progress, and asserts.

    With ``at_each_step`` it is called at each step of any thread, also in the middle of calls; then
    it must not wait.
    """

    def decorate(method: F) -> F:
        vars(method)["__always__" if at_each_step else "__invariant__"] = True
        return method

    return decorate if method is None else decorate(method)


@overload
def final(method: F, /) -> F: ...
@overload
def final() -> Callable[[F], F]: ...
def final(method: F | None = None, /) -> Any:
    """Decorate a method of `Operations`: it is called when all calls have returned, and asserts."""

    def decorate(method: F) -> F:
        vars(method)["__final__"] = True
        return method

    return decorate if method is None else decorate(method)


class _TestCase:
    """The test of a class, made when it is first asked for."""

    def __get__(self, _instance: object, owner: "type[Operations]") -> type[TestCase]:
        made: type[TestCase] | None = vars(owner).get("_test_case")
        if made is None:

            def run_test(self: Any) -> None:
                __tracebackhide__ = True
                from threadlab.oracle.check import check

                check(owner, settings=getattr(self, "settings", None))

            made = type(owner.__name__, (TestCase,), {"operations": owner, "runTest": run_test})
            made.__module__ = owner.__module__
            owner._test_case = made  # type: ignore[attr-defined]
        return made


class Operations:
    """The operations of an object: subclass it, make the object in ``__init__``, decorate methods.

    What the calls of all threads return must be explained by some order of the calls, made one
    after another on a new object. These attributes of the class are optional:

    - ``model``: what calls should return, if a new object cannot say it. Either a class with a
      method for each operation, or a function that takes the state, the name of the operation and
      its arguments, and returns the new state and the result, or a list of such pairs. The first
      state is None, or the attribute ``initial`` of the function. A model raises `Blocks` where a
      call would wait, and returns ``OneOf(…)`` where several results are right.
    - ``consistency``: *linearizable* by default, or *sequential* or *quiescent*.
    - ``key``: the name of an argument. Calls with different values of it are independent.
    - ``include``: installed packages and modules of the standard library in which threads are
      preempted, too.
    - ``before``, ``threads``, ``beside``, ``after``: the largest number of calls before the
      threads, of threads, of calls in each thread, and of calls after the threads.
    - ``executions``: how many schedules each program of calls is executed under, at most, and
      ``strategy``, how they are chosen.
    - ``stall``: for how many simulated seconds, at most, a thread that could run is preempted while
      time passes.
    - ``patience``: after how many simulated seconds a call counts as one that never returns.

    >>> from hypothesis import strategies as st
    >>> class OnList(Operations):
    ...     def __init__(self):
    ...         self.items = []
    ...     @operation(item=st.integers(0, 3))
    ...     def append(self, item):
    ...         self.items.append(item)
    ...     @operation()
    ...     def pop(self):
    ...         return self.items.pop()
    >>> TestList = OnList.TestCase
    """

    TestCase: ClassVar[Any] = _TestCase()
    model: ClassVar[Any] = None
    consistency: ClassVar[Consistency] = "linearizable"
    key: ClassVar[str] = ""
    include: ClassVar[Sequence[str]] = ()
    before: ClassVar[int] = 3
    threads: ClassVar[int] = 4
    beside: ClassVar[int] = 4
    after: ClassVar[int] = 3
    executions: ClassVar[int] = 10
    strategy: ClassVar[str] = "portfolio"
    stall: ClassVar[float] = STALL
    patience: ClassVar[float] = 1000.0

    def same(self, one: object, other: object) -> bool:
        """Whether two results are the same: by ``==``, unless a subclass knows better."""
        return equal(one, other)

    @staticmethod
    def of(
        made: Callable[[], object], operations: Mapping[str, Arguments], **attributes: object
    ) -> "type[Operations]":
        """Operations that are methods of what ``made``, a class most often, returns.

        For each there are strategies of its arguments, in their order or by name. It has to be
        found in its module: give it, or its ``TestCase``, a name there.

        >>> TestList = Operations.of(list, {"append": [st.integers(0, 3)], "pop": []}).TestCase
        """
        name = f"Operations of {getattr(made, '__name__', made)}"
        if not isinstance(operations, Mapping):
            raise ProgramError(f"{name}: not a dict of names and strategies: {operations!r}")
        for method, arguments in operations.items():
            if isinstance(arguments, str) or not isinstance(arguments, Sequence | Mapping):
                what = f"no list of strategies, nor a dict by argument: {arguments!r}"
                raise ProgramError(f"{name}: {method}: {what}")
        methods: dict[str, object] = {"made": staticmethod(made), **attributes}
        if inspect.isfunction(same := attributes.get("same")):  # of two results, and no more
            methods["same"] = staticmethod(same)
        methods["options"] = attributes
        cls: type[Operations] = type(name, (_OfAnObject,), methods)
        caller = sys._getframe(1)
        cls.__module__ = caller.f_globals.get("__name__", "__main__")
        cls._place = caller.f_code.replace(co_firstlineno=caller.f_lineno)
        declared: Any = cls
        declared.declared = [
            Operation(method, (), dict(arguments))
            if isinstance(arguments, Mapping)
            else Operation(method, tuple(arguments))
            for method, arguments in operations.items()
        ]
        return cls

    # What the laboratory calls

    options: ClassVar[Mapping[str, object]] = {}
    _place: ClassVar[CodeType | None] = None
    _marked: ClassVar[Sequence[tuple[str, Any]]] = ()

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        known = {**dict(cls._marked), **vars(cls)}
        cls._marked = [(name, m) for name, m in known.items() if isinstance(m, FunctionType)]

    @classmethod
    def _with(cls, mark: str) -> Iterator[tuple[str, Any]]:
        """Its methods that have ``mark``, those of its bases first."""
        return ((name, method) for name, method in cls._marked if mark in vars(method))

    @classmethod
    def _operations(cls) -> list[Operation]:
        """Raises `ProgramError` for one that makes no sense."""
        found = []
        for name, method in cls._with("__operation__"):
            target, arguments = method.__operation__
            where = f"{cls.__qualname__}.{name}"
            if hasattr(Operations, name):
                raise ProgramError(f"{where}: Operations has another {name}; give it other words")
            bound = _bound(where, method, (), arguments)
            assert bound is not None
            bundle = target.name if target is not None else ""
            found.append(Operation(name, bound.args[1:], bound.kwargs, bundle))
        return found

    @classmethod
    def _method(cls, name: str) -> Any:
        """What is called as the operation ``name``, if that is known."""
        return getattr(cls, name)

    @classmethod
    def checked(cls) -> list[Operation]:
        """The operations. Raises `ProgramError` if anything about the class makes no sense."""
        operations = cls._operations()
        name = cls.__qualname__
        if not operations:
            raise ProgramError(f"{name}: there are no operations; decorate methods with @operation")
        for attribute, least in LEAST.items():
            value = getattr(cls, attribute)
            if not isinstance(value, int | float) or not value >= least:
                raise ProgramError(f"{name}: {attribute}={value!r} is not at least {least}")
        if isinstance(cls.include, str):
            raise ProgramError(f"{name}: include={cls.include!r} is not a list of names")
        for option in cls.options:
            if option not in OPTIONS:
                raise ProgramError(f"{name}: no option {option!r}; there are {', '.join(OPTIONS)}")
        for attribute in cls.__dict__:
            close = get_close_matches(attribute, OPTIONS, cutoff=0.8)
            if close and attribute not in OPTIONS and not cls.options:
                what = f"no option {attribute!r}; did you mean {close[0]}?"
                raise ProgramError(f"{name}: {what}")
        if cls.consistency not in CONSISTENCIES:
            known = ", ".join(CONSISTENCIES)
            raise ProgramError(f"{name}: no consistency {cls.consistency!r}; there are {known}")
        if isinstance(cls.model, type):
            for one in operations:
                if not callable(getattr(cls.model, one.name, None)):
                    raise ProgramError(f"{name}: its model has no method {one.name}")
        elif cls.model is not None and not callable(cls.model):
            raise ProgramError(f"{name}: its model is neither a class nor a function")
        methods = [cls._method(one.name) for one in operations]
        if cls.key and all(methods) and not any(cls.key in _parameters(m) for m in methods):
            raise ProgramError(f"{name}: no operation has the argument {cls.key!r} of its key")
        given = {one.target for one in operations}
        for one in operations:
            for argument in (*one.args, *one.kwargs.values()):
                if isinstance(argument, Bundle) and argument.name not in given:
                    bundle = argument.name
                    raise ProgramError(f"{name}.{one.name}: nothing goes to the bundle {bundle!r}")
        return operations

    def _target(self) -> Any:
        """What the operations are methods of."""
        return self

    @classmethod
    def refuse(cls, calls: Calls) -> None:
        """Raises `ProgramError` if ``calls`` cannot be made."""
        known = {one.name for one in cls.checked()}
        labels: set[str] = set()  # of all calls so far
        before: set[str] = set()
        for part, _, several in calls.parts():
            given = {*before} if part == BESIDE else {*labels}
            for call in several:
                where = f"{cls.__qualname__}: {call}"
                if call.name not in known:
                    there = ", ".join(sorted(known))
                    raise ProgramError(f"{where}: no operation {call.name}; there are {there}")
                for label in call.references():
                    if label not in given:
                        text = f"; did you mean the text {label!r}?" if not labels else ""
                        raise ProgramError(f"{where}: no earlier call gives {label!r}{text}")
                _bind(where, cls._method(call.name), call.args, call.kwargs)
                if call.label in labels:
                    raise ProgramError(f"{where}: another call gives {call.label!r}, too")
                if call.label:
                    labels.add(call.label)
                    given.add(call.label)
            if part == BEFORE:
                before = labels.copy()

    @classmethod
    def place(cls) -> CodeType:
        """Code at the line where the operations stand."""
        code: CodeType = cls._place or next(cls._with("__operation__"))[1].__code__
        return code

    def run_calls(self, calls: Calls, in_short: bool = False) -> dict[str, str]:
        """Make ``calls`` and judge what came of them. Raises `Unexplained`, or ``in_short``.

        Returns their `mistakes`.
        """
        __tracebackhide__ = True
        runner = Runner(executing.kernel, self.patience)
        invariants = [method for _, method in self._with("__invariant__")]
        always = [method for _, method in self._with("__always__")]

        def hold(methods: Sequence[Callable[[Any], object]]) -> None:
            for method in methods:
                method(self)

        if always:
            runner.look(partial(hold, always))
        history = runner.history(
            calls, self._target(), partial(hold, invariants) if invariants else None
        )
        if always:
            runner.stop_looking()
        if runner.broken is not None:
            note(runner.broken, report.as_note(history))
            return {}
        with runner.alone():
            self._judge(calls, history, runner, in_short)
        with runner.aside():
            if all(call.outcome is not None for call in history):
                try:
                    hold([method for _, method in self._with("__final__")])
                except Exception as error:
                    note(error, report.as_note(history))
                    raise
        return mistakes(history)

    def judge(self, calls: Calls, history: Sequence[Call] | None = None) -> dict[str, str] | None:
        """Raises `Unexplained` if no order explains the ``history`` of ``calls``.

        Without one, they are made, and none is returned if one of them has not; or else `mistakes`.
        """
        __tracebackhide__ = True
        runner = Runner(executing.kernel, self.patience)
        if history is None:
            history = runner.history(calls, self._target())
            if any(call.outcome is None for call in history):
                return None
        else:
            self._judge(calls, history, runner)
        return mistakes(history)

    def _judge(
        self, calls: Calls, history: Sequence[Call], runner: Runner, in_short: bool = False
    ) -> None:
        __tracebackhide__ = True
        parts = independent(history, self._key_of) if self.key else [list(history)]
        deadlocked = runner.deadlocked  # before others are made
        for part in parts:
            specification = self._specification(calls, runner, part)
            explanation = explain(
                part, specification, self.consistency, same=self._same, limit=LIMIT
            )
            if not explanation.decided:
                raise CutOff("too many orders of the calls: whether one explains them is not known")
            if explanation.order is None:
                if in_short:
                    raise Unexplained("no order of the calls explains what came of them")
                self._see_that_it_is_deterministic(calls, runner)
                error = Unexplained(
                    report.text(
                        *(part, specification, explanation, self.consistency, self._same),
                        deadlocked=deadlocked,
                    )
                )
                error.calls = tuple(map(report.as_data, part))
                raise error

    def _specification(
        self, calls: Calls, runner: Runner, history: Sequence[Call]
    ) -> Specification:
        model = type(self).model
        if model is not None and not isinstance(model, type):
            return Function(model, getattr(model, "initial", None))
        invocations = [one for _, _, several in calls.parts() for one in several]
        make = self._new()
        return Replayed(
            lambda order: runner.in_turn([invocations[n] for n in order], make),
            first_of_the_same(invocations),
            [call.number for call in sorted(history, key=when_responded)],
        )

    def _same(self, one: object, other: object) -> bool:
        try:
            return bool(one is other or self.same(one, other))
        except Exception as error:
            what = f"its results cannot be compared: {headline(error)}"
            raise ProgramError(f"{type(self).__qualname__}: {what}; see `same`") from None

    def _key_of(self, call: Call) -> object:
        method = inspect.signature(getattr(self._target(), call.name))
        return method.bind(*call.args, **call.kwargs).arguments[self.key]

    def _new(self) -> Callable[[], Any]:
        """What makes something new with these operations, for calls in turn."""
        cls = type(self)
        return cls.model if cls.model is not None else lambda: cls()._target()

    def _see_that_it_is_deterministic(self, calls: Calls, runner: Runner) -> None:
        """Raises `ProgramError` if the same calls in the same order do not give the same."""
        if type(self).model is not None and not isinstance(type(self).model, type):
            return
        invocations = [one for _, _, several in calls.parts() for one in several]
        one, other = (runner.in_turn(invocations, self._new()) for _ in range(2))
        for invocation, first, second in zip(
            invocations, one.outcomes, other.outcomes, strict=False
        ):
            if isinstance(first.value, OneOf):
                continue
            if first.how != second.how or (
                first.how == "returned" and not self._same(first.value, second.value)
            ):
                raise ProgramError(
                    f"{type(self).__qualname__}: the same calls in the same order give one thing, "
                    f"then another: {invocation} {first.past}, then it {second.past}; "
                    "give it a model, or a method `same` that compares results"
                )


class _OfAnObject(Operations):
    made: ClassVar[Any]
    declared: ClassVar[Sequence[Operation]] = ()

    def __init__(self) -> None:
        self.object = type(self).made()

    @classmethod
    def _operations(cls) -> list[Operation]:
        for one in cls.declared:
            method = cls._method(one.name)
            if method is None and isinstance(cls.made, type):
                raise ProgramError(f"{cls.__name__}: {cls.made.__qualname__} has no {one.name}")
            _bound(f"{cls.__name__}: {one.name}", method, one.args, one.kwargs)
        return list(cls.declared)

    @classmethod
    def _method(cls, name: str) -> Any:
        return getattr(cls.made, name, None) if isinstance(cls.made, type) else None

    def _target(self) -> Any:
        return self.object


def operations_in(value: object) -> type[Operations] | None:
    """The operations that ``value`` is, or is the ``TestCase`` of, if any."""
    found = getattr(value, "operations", value)
    return found if isinstance(found, type) and issubclass(found, Operations) else None


def _parameters(method: Any) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(method).parameters
    except (TypeError, ValueError):  # one that is not known, or of C
        return {}


def _bound(
    where: str,
    method: Any,
    args: Sequence[object],
    kwargs: Mapping[str, object],
) -> inspect.BoundArguments | None:
    """The strategies of its arguments, bound to ``method``, unless that has no signature.

    Raises `ProgramError` if they cannot be, or if calling it would run nothing.
    """
    named = [*(("", value) for value in args), *((f"{name}=", v) for name, v in kwargs.items())]
    for name, value in named:
        if not isinstance(value, st.SearchStrategy):
            raise ProgramError(f"{where}: {name}{value!r} is not a strategy")
    for runs_nothing in (inspect.iscoroutinefunction, inspect.isgeneratorfunction):
        if runs_nothing(method):
            raise ProgramError(f"{where} is a generator or a coroutine; a call runs nothing")
    return _bind(where, method, args, kwargs)


def _bind(
    where: str, method: Any, args: Sequence[object], kwargs: Mapping[str, object]
) -> inspect.BoundArguments | None:
    try:
        return inspect.signature(method).bind(None, *args, **kwargs) if method else None
    except TypeError as error:
        raise ProgramError(f"{where}: {error}") from None
    except ValueError:
        return None
