"""What was called, when, and what came of it: data, and no more."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

BEFORE, BESIDE, AFTER = 0, 1, 2
"""Parts of a program: by one thread, then by several beside each other, then by one again."""


class Outcome(NamedTuple):
    """How a call has ended: ``value`` is what it returned, or the exception that it raised."""

    how: Literal["returned", "raised"]
    value: object

    def __str__(self) -> str:
        if self.how == "raised":
            return f"raises {type(self.value).__name__}"
        return f"gives {shown(self.value)}"

    @property
    def past(self) -> str:
        """In the past tense."""
        if self.how == "raised":
            return f"raised {type(self.value).__name__}"
        return f"gave {shown(self.value)}"


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
        words = [shown(value) for value in self.args]
        words += [f"{name}={shown(value)}" for name, value in self.kwargs.items()]
        return f"{self.name}({', '.join(words)})"


def shown(value: object, most: int = 60) -> str:
    """``value`` in a line of at most ``most`` characters, whatever its ``repr`` does."""
    try:
        text = " ".join(repr(value).split())
    except Exception as error:
        text = f"<{type(value).__name__}, whose repr raises {type(error).__name__}>"
    return text if len(text) <= most else text[: most - 1] + "…"
