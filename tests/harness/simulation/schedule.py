"""What departs from the prompt run: a sparse list of delays, and its token.

A schedule is short because almost no step is delayed; it shrinks towards the ordinary run,
and what is left then is the two or three switches that a race needs.
"""

from hypothesis import strategies as st


class Schedule(tuple[tuple[int, int], ...]):
    """Delays ``(step, skip)`` with rising steps from 1 on, and skips from 1 on.

    As a string it is its token, ``12.1,40.2``, for a person to read, paste and edit; ``-`` is
    the prompt schedule.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return ",".join(f"{step}.{skip}" for step, skip in self) or "-"


PROMPT = Schedule()


def parse(text: str) -> Schedule:
    """The schedule of a token. Raises `ValueError` with one clear line."""
    if text == "-":
        return PROMPT
    try:
        delays = [tuple(int(number) for number in delay.split(".")) for delay in text.split(",")]
        steps = [step for step, _skip in delays]
        if min(min(delay) for delay in delays) < 1 or steps != sorted(set(steps)):
            raise ValueError
    except ValueError:
        message = (
            f"no schedule: {text!r}; one looks like 12.1,40.2 (step.skip), the prompt one is -"
        )
        raise ValueError(message) from None
    return Schedule((step, skip) for step, skip in delays)


def schedules(steps: int, most: int = 5) -> st.SearchStrategy[Schedule]:
    """Schedules of up to ``most`` delays in an execution of about ``steps`` steps."""
    delay = st.tuples(st.integers(1, max(steps, 1)), st.integers(1, 3))
    return st.lists(delay, max_size=most, unique_by=lambda delay: delay[0]).map(
        lambda delays: Schedule(sorted(delays))
    )
