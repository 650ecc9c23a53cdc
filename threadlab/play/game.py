"""A scenario as a game: decisions, what each choice leads to, and how it can end.

Plain data, the same for the page and for the terminal. To play it, nothing is executed.
"""

from dataclasses import dataclass
from typing import NamedTuple

CLOCK = -1
"""In place of the number of a thread: time passes."""


class Line(NamedTuple):
    """``thread`` did ``code`` at ``file:line``, and ``notes`` came of it. ``mark`` is as of a row;
    ``values`` are what of the shared locations was seen or set, by their names."""

    thread: int
    code: str
    notes: tuple[str, ...]
    mark: str
    file: str
    line: int
    values: tuple[tuple[str, str], ...]


class End(NamedTuple):
    """``failure`` is a headline, and empty if nothing failed."""

    failure: str


@dataclass
class Option:
    """``thread`` goes on; its next line is ``code``. ``skip`` is 0 if that is no delay.

    ``lines`` is what happens until the next decision, which is ``to``, a number of
    `Game.decisions`, or an end; none if it was not looked into. ``fewest`` are the delays with
    which it can still break, this one among them, none if it cannot; ``passes``: it can still pass.
    ``unknown``: beyond it is something that was not looked into.
    """

    thread: int
    skip: int
    code: str = ""
    file: str = ""
    line: int = 0
    lines: tuple[Line, ...] = ()
    to: "int | End | None" = None
    fewest: int | None = None
    passes: bool = False
    unknown: bool = False

    @property
    def delays(self) -> int:
        return int(self.skip > 0)

    @property
    def leads(self) -> str:
        """What it can still lead to, in words."""
        if self.to is None:
            return "not looked into"
        if self.fewest is None:
            return "not known" if self.unknown else "can only pass"
        return "can still break" if self.passes or self.unknown else "breaks in any case"


class Decision(NamedTuple):
    """At this step and turn, each of the ``options`` can go on; the first without a delay."""

    step: int
    turn: int
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Game:
    """``opening`` is what happens before the first decision, or, if there is none, in all.

    ``decisions`` begins with the first; ``end`` is how it ends if there is none. ``executions``
    were made, and all schedules of at most ``complete`` delays are here, or with none all there
    are. ``again`` is the command that replays a schedule, without its token.
    """

    title: str
    again: str
    threads: tuple[str, ...]
    sources: dict[str, tuple[str, ...]]
    opening: tuple[Line, ...]
    decisions: tuple[Decision, ...]
    end: End | None
    executions: int
    complete: int | None

    @property
    def fewest(self) -> int | None:
        """Delays that break it, at least; none if nothing is known that does."""
        if self.end is not None:
            return 0 if self.end.failure else None
        known = [o.fewest for o in self.decisions[0].options if o.fewest is not None]
        return min(known, default=None)

    @property
    def passes(self) -> bool:
        """Whether it can end well."""
        if self.end is not None:
            return not self.end.failure
        return any(option.passes for option in self.decisions[0].options)

    def task(self) -> str:
        """What there is to be done."""
        if self.end is not None:
            how = "fails" if self.end.failure else "passes"
            return f"There is nothing to choose: no two threads can run at once, and it {how}."
        if self.fewest is None:
            known = "" if self.complete is None else ", as far as it is known"
            return f"Nothing breaks it{known}."
        if not self.passes:
            return "Whatever you choose, it breaks. Find out why."
        return "Break it, in as few delays as you can."

    def known(self) -> str:
        """How much of it is here."""
        made = f"{self.executions:,} execution{'s'[: self.executions != 1]}"
        if self.complete is None:
            return f"All that can happen is here, found in {made}."
        return (
            f"The scenario is too large to have all of it here: {made} were made. All that can "
            f"happen with at most {many(self.complete)} is here, and some of the rest."
        )


def many(delays: int) -> str:
    return f"{delays} delay{'s'[: delays != 1]}" if delays else "no delay"
