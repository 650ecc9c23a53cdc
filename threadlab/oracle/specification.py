"""What calls would give one after another: by a function of the state, or by doing it."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from threadlab.oracle.history import Call, Outcome

Step = tuple[Literal["returned", "raised"], object, Hashable]
"""How a call ends, with what, and the state after it: an outcome, made a million times."""


class Blocks(Exception):  # nothing has gone wrong
    """Raised by a model: in this state the call waits."""


class OneOf:
    """What a model returns that leaves it open which of these results a call has."""

    def __init__(self, *results: object) -> None:
        if not results:
            raise ValueError("OneOf takes at least one result")
        self.results = results

    def __repr__(self) -> str:
        return f"OneOf({', '.join(map(repr, self.results))})"


class Specification(Protocol):
    """What may come of a call in a state. States are compared and hashed."""

    def begin(self) -> Hashable:
        """The state before any call."""

    def steps(self, state: Any, call: Call) -> Sequence[Step]:
        """The outcomes that ``call`` may have in ``state``; none if it waits there."""


class Function:
    """By ``step(state, name, *args, **kwargs)``, which returns the new state and the result.

    It may return a list of such pairs, where several are right; raise what the call would raise,
    which leaves the state as it was; or raise `Blocks`.
    """

    def __init__(self, step: Callable[..., Any], initial: Hashable = None) -> None:
        self._step = step
        self._initial = initial

    def begin(self) -> Hashable:
        return self._initial

    def steps(self, state: Any, call: Call) -> Sequence[Step]:
        try:
            if call.kwargs:
                after = self._step(state, call.name, *call.args, **call.kwargs)
            else:  # far faster, and the usual
                after = self._step(state, call.name, *call.args)
        except Blocks:
            return ()
        except Exception as error:
            return (("raised", error, state),)
        if isinstance(after, list):
            return [("returned", result, new) for new, result in after]
        new, result = after
        return (("returned", result, new),)


class Ended(NamedTuple):
    """What came of calls that were made one after another: outcomes, and whether one waits.

    After each outcome there is what can be seen of the object, see `threadlab.oracle.state`.
    """

    outcomes: Sequence[tuple[Outcome, Hashable | None]]
    waits: bool


class _State:
    """The calls that have led to it; another one that looks the same is the same."""

    __slots__ = ("_key", "order")

    def __init__(self, order: tuple[int, ...], seen: Hashable | None) -> None:
        self.order = order
        self._key = order if seen is None else seen

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _State) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


class Replayed:
    """By making the calls, on a new object for each order.

    ``make`` makes calls one after another on a new object, up to one that waits, and is given their
    numbers. As many are made at once as there are in ``likely``, in that order: it is the most
    likely one. What is known of one order is known of all that begin with it.
    """

    def __init__(
        self,
        make: Callable[[Sequence[int]], Ended],
        likely: Sequence[int],
    ) -> None:
        self._make = make
        self._likely = likely
        self._known: dict[tuple[int, ...], tuple[Outcome, Hashable | None] | None] = {}

    def begin(self) -> Hashable:
        return _State((), None)

    def steps(self, state: _State, call: Call) -> Sequence[Step]:
        order = (*state.order, call.number)
        if order not in self._known:
            longer = (*order, *(number for number in self._likely if number not in order))
            ended = self._make(longer)
            for length, one in enumerate(ended.outcomes, 1):
                self._known[longer[:length]] = one
            if ended.waits:
                self._known[longer[: len(ended.outcomes) + 1]] = None
        known = self._known[order]
        if known is None:
            return ()
        outcome, after = known[0], _State(order, known[1])
        if isinstance(outcome.value, OneOf):
            return [("returned", value, after) for value in outcome.value.results]
        return ((outcome.how, outcome.value, after),)
