"""What was called, when, and what came of it: data, and no more."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from threadlab.errors import headline
from threadlab.reports.values import short

MISTAKES = (AttributeError, NameError, TypeError)
"""What code raises that is misspelled."""

BEFORE, BESIDE, AFTER = 0, 1, 2
"""Parts of a program: by one thread, then by several beside each other, then by one again."""


class Outcome(NamedTuple):
    """How a call has ended: ``value`` is what it returned, or the exception that it raised."""

    how: Literal["returned", "raised"]
    value: object

    @property
    def past(self) -> str:
        """In the past tense."""
        if self.how == "raised":
            return f"raised {type(self.value).__name__}"
        return f"returned {short(self.value)}"


class Call(NamedTuple):
    """A call of the operation ``name``.

    ``invoked`` and ``responded`` say when, in any unit: the first of two that do not overlap has
    responded at a lesser number than the second was invoked at. What has not responded has no
    ``outcome`` either: it is *pending*. ``part`` is `BEFORE`, `BESIDE` or `AFTER`, and ``number``
    the place of the call in its program.
    """

    thread: str
    name: str
    args: tuple[object, ...]
    kwargs: Mapping[str, object]
    invoked: int
    responded: int | None
    outcome: Outcome | None
    part: int = BESIDE
    number: int = 0

    def __str__(self) -> str:
        words = [short(value) for value in self.args]
        words += [f"{name}={short(value)}" for name, value in self.kwargs.items()]
        return f"{self.name}({', '.join(words)})"


def mistakes(calls: Iterable[Call]) -> dict[str, str]:
    """Of each operation what its calls raised that looks misspelled; empty if one did not."""
    found: dict[str, str] = {}
    for call in calls:
        error = call.outcome.value if call.outcome and call.outcome.how == "raised" else None
        said = headline(error) if isinstance(error, MISTAKES) else ""
        found[call.name] = said and found.get(call.name, said)
    return found
