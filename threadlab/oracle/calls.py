"""A program of calls: some by one thread, some by several beside each other, some by one again.

It is data, so that Hypothesis draws and shrinks it, that it is carried into a simulated
world, and that it can be written down: ``Calls("push(1)", ["pop()", "pop()"])``.
"""

import ast
import io
import itertools
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle

from threadlab.errors import ProgramError
from threadlab.oracle.history import AFTER, BEFORE, BESIDE
from threadlab.reports.values import is_plain


@dataclass(frozen=True)
class Reference:
    """As an argument: what the call of that ``label`` has returned."""

    label: str

    def __repr__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Invocation:
    """One call: of which operation, with what. Others may refer to it by its ``label``."""

    name: str
    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = field(default_factory=dict)
    label: str = ""

    def __str__(self) -> str:
        words = [*map(repr, self.args), *(f"{name}={v!r}" for name, v in self.kwargs.items())]
        call = f"{self.name}({', '.join(words)})"
        return f"{self.label} = {call}" if self.label else call

    def references(self) -> list[str]:
        values = (*self.args, *self.kwargs.values())
        return [value.label for value in values if isinstance(value, Reference)]


def first_of_the_same(invocations: Sequence[Invocation]) -> list[int]:
    """For each the place of the first that is the same call, as far as that can be told.

    Other values may look alike, unless they are of built-in types.
    """
    known: dict[str, int] = {}
    result = []
    for place, one in enumerate(invocations):
        values = (*one.args, *one.kwargs.values())
        alike = all(isinstance(value, Reference) or is_plain(value) for value in values)
        result.append(known.setdefault(str(one), place) if alike else place)
    return result


class Calls:
    """What is called ``before``, by each of the ``threads``, and ``after``.

    Each is a list of calls, or text as it is shown: ``"push(1); top = pop(); push(top)"``, where
    arguments are literals, or a name that an earlier call has given its result.

    Raises `ProgramError` for text that cannot be understood.

    >>> Calls("push(1)", ["pop()", "pop()"])
    Calls('push(1)', ['pop()', 'pop()'])
    """

    def __init__(
        self,
        before: str | Iterable[Invocation] = (),
        threads: Iterable[str | Iterable[Invocation]] = (),
        after: str | Iterable[Invocation] = (),
    ) -> None:
        self.before = _parsed(before)
        self.threads = [_parsed(thread) for thread in threads]
        self.after = _parsed(after)

    def parts(self) -> Iterator[tuple[int, str, Sequence[Invocation]]]:
        """Which part it is, the name of the thread, and its calls."""
        yield BEFORE, "before", self.before
        for number, thread in enumerate(self.threads, 1):
            yield BESIDE, f"Thread-{number}", thread
        yield AFTER, "after", self.after

    def __len__(self) -> int:
        return sum(len(calls) for _, _, calls in self.parts())

    def __repr__(self) -> str:
        words = [repr(_text(self.before)), repr(list(map(_text, self.threads)))]
        if self.after:
            words.append(repr(_text(self.after)))
        return f"Calls({', '.join(words)})"

    @classmethod
    def parse(cls, text: str) -> "Calls":
        """``BEFORE | THREAD | THREAD | AFTER``, as on a command line; with as many threads as there
        are parts between the first and the last.
        """
        parts = _between_bars(text)
        if len(parts) < 2:
            raise ProgramError(f"{text!r}: calls are to be as in BEFORE | THREAD | THREAD | AFTER")
        return cls(parts[0], parts[1:-1], parts[-1])

    def on_a_line(self) -> str:
        """What `parse` takes."""
        return " | ".join(_text(calls) for _, _, calls in self.parts()).strip()

    def are_literal(self) -> bool:
        """Whether `parse` takes what `on_a_line` gives: an argument may be anything."""
        try:
            return str(Calls.parse(self.on_a_line())) == str(self)
        except ProgramError:
            return False


def _between_bars(text: str) -> list[str]:
    """``text`` at each bar that is in no string."""
    text = text.replace("\n", " ").strip()
    bars = [-1]
    with suppress(tokenize.TokenError, SyntaxError):  # which will be said of the part that it is in
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.string == "|":
                bars.append(token.start[1])
    return [text[one + 1 : other] for one, other in itertools.pairwise([*bars, len(text)])]


def _text(calls: Iterable[Invocation]) -> str:
    return "; ".join(map(str, calls))


def _parsed(calls: str | Iterable[Invocation]) -> list[Invocation]:
    if not isinstance(calls, str):
        return list(calls)
    try:
        body = ast.parse(calls.strip()).body
    except SyntaxError as error:
        raise ProgramError(f"{calls!r}: {error.msg}") from None
    return [_invocation(statement) for statement in body]


def _invocation(statement: ast.stmt) -> Invocation:
    label = ""
    match statement:
        case ast.Assign([ast.Name(label)], ast.Call() as call):
            pass
        case ast.Expr(ast.Call() as call):
            pass
        case _:
            raise ProgramError(f"{ast.unparse(statement)!r} is not a call of an operation")
    if not isinstance(call.func, ast.Name) or any(word.arg is None for word in call.keywords):
        raise ProgramError(f"{ast.unparse(statement)!r} is not a call of an operation")
    args = tuple(map(_value, call.args))
    kwargs = {str(word.arg): _value(word.value) for word in call.keywords}
    return Invocation(call.func.id, args, kwargs, label)


def _value(node: ast.expr) -> object:
    if isinstance(node, ast.Name):
        return Reference(node.id)
    try:
        value: object = ast.literal_eval(node)
    except ValueError:
        raise ProgramError(f"{ast.unparse(node)!r} is not a literal") from None
    return value


@dataclass(frozen=True)
class Operation:
    """What is drawn for a call: strategies of its arguments, and where its result goes."""

    name: str
    args: tuple[st.SearchStrategy[Any], ...] = ()
    kwargs: Mapping[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    target: str = ""


@dataclass(frozen=True)
class _Drawn:
    """A reference that is yet to be resolved: to one of those that have gone to ``bundle``."""

    bundle: str
    which: int


@dataclass(frozen=True)
class _Value:
    """One that is drawn, or in its place the last of that ``kind`` but so many, if there is one."""

    kind: str
    value: object
    back: int


FRESH, BACK = 2, 4
"""An argument is a new one in so many of so many cases: calls with the same get in their way."""


def drawn_calls(
    operations: Sequence[Operation],
    before: int,
    threads: int,
    beside: int,
    after: int,
) -> st.SearchStrategy[Calls]:
    """Calls of ``operations``: up to a number of calls in each part.

    All threads have some, and most often there are two: more calls find no more, but take longer.
    """
    one = st.one_of(*map(_invocations, operations))
    targets = {operation.name: operation.target for operation in operations}
    numbers = st.sampled_from(sorted(n for m in range(2, threads + 1) for n in range(2, m + 1)))
    first, several, last = (
        st.lists(one, min_size=least, max_size=most)
        for least, most in ((0, before), (1, beside), (0, after))
    )

    @st.composite  # of what comes of that, Hypothesis does not write down at length how
    def placed(draw: st.DrawFn) -> Calls:
        number = draw(numbers)
        return _placed(targets, [draw(first), *(draw(several) for _ in range(number)), draw(last)])

    return placed()


def _placed(targets: Mapping[str, str], drawn: Sequence[Sequence[Invocation]]) -> Calls:
    """With references to earlier calls of the same thread, or before the threads, or not at all."""
    before, *threads, after = drawn
    count = itertools.count(1)
    given: dict[str, list[object]] = {}

    def resolved(calls: Sequence[Invocation], known: dict[str, list[str]]) -> list[Invocation]:
        result = []
        for call in calls:
            values = [*call.args, *call.kwargs.values()]
            if any(isinstance(v, _Drawn) and not known.get(v.bundle) for v in values):
                continue
            args = tuple(_resolve(value, known, given) for value in call.args)
            kwargs = {name: _resolve(value, known, given) for name, value in call.kwargs.items()}
            label = ""
            if bundle := targets[call.name]:
                label = f"{bundle}_{next(count)}"
                known.setdefault(bundle, []).append(label)
            result.append(Invocation(call.name, args, kwargs, label))
        return result

    labels: dict[str, list[str]] = {}
    first = resolved(before, labels)
    several = [resolved(calls, {b: [*names] for b, names in labels.items()}) for calls in threads]
    return Calls(first, [calls for calls in several if calls], resolved(after, labels))


def _resolve(
    value: object, known: Mapping[str, Sequence[str]], given: dict[str, list[object]]
) -> object:
    if isinstance(value, _Drawn):
        names = known[value.bundle]
        return Reference(names[value.which % len(names)])
    if isinstance(value, _Value):
        values = given.setdefault(value.kind, [])
        if not value.back or not values:
            values.append(value.value)
            return value.value
        return values[-1 - (value.back - 1) % len(values)]
    return value


def _invocations(operation: Operation) -> st.SearchStrategy[Invocation]:
    args = st.tuples(*map(_argument, operation.args))
    kwargs = st.fixed_dictionaries({n: _argument(s) for n, s in operation.kwargs.items()})
    return st.builds(Invocation, st.just(operation.name), args, kwargs)


def _argument(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    if isinstance(strategy, Bundle):
        return st.builds(_Drawn, st.just(strategy.name), st.integers(0, 7))
    back = st.integers(0, BACK - 1).map(lambda drawn: max(0, drawn + 1 - FRESH))
    return st.builds(_Value, st.just(repr(strategy)), strategy, back)
