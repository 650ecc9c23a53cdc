"""What calls would give one after another: by a function of the state, or by doing it."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from threadlab.errors import ProgramError, headline
from threadlab.oracle.history import MISTAKES, Call, Outcome
from threadlab.reports.values import short

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
            observed = call.outcome.value if call.outcome is not None else None
            if isinstance(error, MISTAKES) and type(error) is not type(observed):
                raise ProgramError(f"the model raised {headline(error)} for {call}") from None
            return (("raised", error, state),)
        try:
            if isinstance(after, list):
                return [("returned", result, new) for new, result in after]
            new, result = after
        except (TypeError, ValueError):
            what = f"the model returned {short(after)} for {call}"
            raise ProgramError(f"{what}, and not the new state and the result") from None
        return (("returned", result, new),)


class Ended(NamedTuple):
    """What came of calls that were made one after another: outcomes, and whether one waits."""

    outcomes: Sequence[Outcome]
    waits: bool


class Replayed:
    """By making the calls, on a new object for each order: a state is the calls that led to it.

    ``make`` makes calls one after another on a new object, up to one that waits. It is given their
    numbers, and in place of a number the ``first`` of the same call: so what is known of one order
    is known of all that begin with the same calls. As many are made at once as there are in
    ``likely``, in that order, which is the most likely one.

    No two orders of other calls are taken for one, even if the object looks the same after both:
    what it will do may depend on what nobody sees.
    """

    def __init__(
        self,
        make: Callable[[Sequence[int]], Ended],
        first: Sequence[int],
        likely: Sequence[int],
    ) -> None:
        self._make = make
        self._first = first
        self._likely = [first[number] for number in likely]
        self._known: dict[tuple[int, ...], Outcome | None] = {}

    def begin(self) -> Hashable:
        return ()

    def steps(self, state: tuple[int, ...], call: Call) -> Sequence[Step]:
        order = (*state, self._first[call.number])
        if order not in self._known:
            left = [*self._likely]
            for number in order:
                if number in left:
                    left.remove(number)
            longer = (*order, *left)
            ended = self._make(longer)
            for length, one in enumerate(ended.outcomes, 1):
                self._known[longer[:length]] = one
            if ended.waits:
                self._known[longer[: len(ended.outcomes) + 1]] = None
        outcome = self._known[order]
        if outcome is None:
            return ()
        if isinstance(outcome.value, OneOf):
            return [("returned", value, order) for value in outcome.value.results]
        return ((outcome.how, outcome.value, order),)
