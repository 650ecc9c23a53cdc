"""What departs from the prompt run: a sparse list of delays, and its token.

A schedule is short because almost no step is delayed; it shrinks towards the ordinary run,
and what is left then is the two or three switches that a race needs.
"""

import re

from hypothesis import strategies as st

from tests.harness.simulation.kernel import Delay, parts


class Schedule(tuple[Delay, ...]):
    """Delays ``(step, skip)`` or ``(step, skip, turn)``, in their order, with skips from 1 on.

    As a string it is its token, ``12.1,40.2``, for a person to read, paste and edit; ``40+1.2``
    is a delay at the first turn after step 40, and ``-`` is the prompt schedule.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return ",".join(map(_token, self)) or "-"


def _token(delay: Delay) -> str:
    step, turn, skip = parts(delay)
    return f"{step}+{turn}.{skip}" if turn else f"{step}.{skip}"


PROMPT = Schedule()


def parse(text: str) -> Schedule:
    """The schedule of a token. Raises `ValueError` with one clear line."""
    if text == "-":
        return PROMPT
    try:
        schedule = Schedule(map(_delay, text.split(",")))
        places = [parts(delay)[:2] for delay in schedule]
        if places != sorted(set(places)):
            raise ValueError
    except ValueError:
        message = (
            f"no schedule: {text!r}; one looks like 12.1,40.2 (step.skip), the prompt one is -"
        )
        raise ValueError(message) from None
    return schedule


def _delay(text: str) -> Delay:
    match = re.fullmatch(r"(\d{1,18})(?:\+(\d{1,9}))?\.(\d{1,9})", text, re.ASCII)
    if match is None:
        raise ValueError
    step, turn, skip = (int(number or 0) for number in match.groups())
    if skip < 1 or (not step and not turn) or (match[2] and not turn):
        raise ValueError
    return (step, skip, turn) if turn else (step, skip)


def schedules(steps: int, most: int = 5) -> st.SearchStrategy[Schedule]:
    """Schedules of 1 to ``most`` delays in an execution of about ``steps`` steps."""
    skips = st.integers(1, 3)
    at_steps = st.tuples(st.integers(1, max(steps, 1)), skips)
    at_turns = st.tuples(st.integers(0, steps), skips, st.integers(1, 2))
    delays = st.lists(
        st.one_of(at_steps, at_steps, at_steps, at_turns),  # most steps have no turn after them
        min_size=1,  # without any, it is the prompt schedule, which every example carries
        max_size=most,
        unique_by=lambda delay: parts(delay)[:2],
    )
    return delays.map(lambda delays: Schedule(sorted(delays, key=parts)))
