"""What departs from the default run: a sparse list of delays, and its token.

A schedule is short because almost no step is delayed; it shrinks towards the default run,
and what is left then is the two or three switches that a race needs.
"""

import re
from collections.abc import Iterable

Delay = tuple[int, int, int]
"""``(step, turn, skip)``: at that step, or at that turn after it, candidate ``skip`` goes on.

Steps are counted from 1 on over the code under test; turn 0 is the step itself, turn 1 the first
time after it that the running thread cannot go on. Delays come in the order of these numbers. A
plain tuple, since one is made at every other step of a random walk.
"""


class Schedule(tuple[Delay, ...]):
    """Delays in their order, at most one at each step or turn, with skips from 1 on.

    As a string it is its token, ``12.1,40.2``, for a person to read, paste and edit: at step 12
    candidate 1 goes on, at step 40 candidate 2. ``40+1.2`` is a delay at the first turn after step
    40, and ``-`` is the default schedule.

    >>> str(Schedule([(12, 0, 1), (40, 1, 2)]))
    '12.1,40+1.2'
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return ",".join(map(_token, self)) or "-"

    @classmethod
    def at_steps(cls, skips: Iterable[tuple[int, int]]) -> "Schedule":
        """The schedule of delays at steps, given as ``(step, skip)`` in any order.

        >>> Schedule.at_steps({40: 2, 12: 1}.items())
        12.1,40.2
        """
        return cls((step, 0, skip) for step, skip in sorted(skips))

    @classmethod
    def parse(cls, token: str) -> "Schedule":
        """The schedule of a token. Raises `ValueError` with one clear line.

        >>> Schedule.parse("12.1,40+1.2")[1]
        (40, 1, 2)
        """
        if token == "-":
            return cls()
        try:
            schedule = cls(map(_delay, token.split(",")))
            places = [delay[:2] for delay in schedule]
            if places != sorted(set(places)):
                raise ValueError
        except ValueError:
            message = f"not a schedule: {token!r}; one looks like 12.1,40+1.2, the default is -"
            raise ValueError(message) from None
        return schedule


STALL = 0.5
"""Seconds for which a thread that could run is held back, at most, while time passes. A busy system
does that now and then, and hardly for longer."""

PROMPT = Schedule()
"""The schedule without a delay: the running thread goes on until it cannot."""


def _token(delay: Delay) -> str:
    step, turn, skip = delay
    return f"{step}+{turn}.{skip}" if turn else f"{step}.{skip}"


def _delay(text: str) -> Delay:
    match = re.fullmatch(r"(\d{1,18})(?:\+(\d{1,9}))?\.(\d{1,9})", text, re.ASCII)
    if match is None:
        raise ValueError
    step, turn, skip = (int(number or 0) for number in match.groups())
    if skip < 1 or (not step and not turn) or (match[2] and not turn):
        raise ValueError
    return step, turn, skip
