"""What Hypothesis draws for a world: the world of an example, what it can afford, schedules."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.control import (
    _current_build_context,
    current_build_context,
    currently_in_test_context,
)

from threadlab.schedule import Schedule
from threadlab.worlds.world import World

T = TypeVar("T")
_selected: list[World] = []


@contextmanager
def selected_world(world: World) -> Iterator[None]:
    """Within the block, `example_worlds`, `intervals` and `counts` are of ``world``."""
    _selected.append(world)
    try:
        yield
    finally:
        _selected.pop()


@st.composite
def example_worlds(draw: st.DrawFn) -> World:
    """The selected world, for one example."""
    return _selected[-1].for_example(draw(st.data()))


def intervals() -> st.SearchStrategy[float]:
    """The selected world's intervals, in seconds."""
    return st.none().flatmap(lambda _: _selected[-1].intervals())


def counts(least: int = 0) -> st.SearchStrategy[int]:
    """Numbers of ticks, values or chunks that the selected world can afford."""
    return st.none().flatmap(lambda _: _selected[-1].counts(least))


def schedules(steps: int, most: int = 5, around: int | None = None) -> st.SearchStrategy[Schedule]:
    """Schedules of 1 to ``most`` delays in an execution of about ``steps`` steps.

    With ``around``, some of them are soon after that step.
    """
    skips = st.integers(1, 3)
    at_steps = st.tuples(st.integers(1, max(steps, 1)), st.just(0), skips)
    at_turns = st.tuples(st.integers(0, steps), st.integers(1, 2), skips)
    near = st.integers(0, 6).map(lambda more: min((around or 1) + more, max(steps, 1)))
    near_steps = at_steps if around is None else st.tuples(near, st.just(0), skips)
    delays = st.lists(
        # Most steps have no turn after them.
        st.one_of(at_steps, near_steps, near_steps, at_turns),
        min_size=1,  # without any, it is the prompt schedule, which every example carries
        max_size=most,
        unique_by=lambda delay: delay[:2],
    )
    return delays.map(lambda delays: Schedule(sorted(delays)))


def several_schedules(steps: int, most: int) -> st.SearchStrategy[list[Schedule]]:
    """At most ``most`` of them, for one example.

    What a thread does between two others is short, so the switches that a race needs are often
    near to each other, wherever that is.
    """
    return st.integers(1, max(steps, 1)).flatmap(
        lambda around: st.lists(schedules(steps, around=around), max_size=most)
    )


# What Hypothesis has no public name for; the same from 6.120 to 6.170.


def in_example() -> bool:
    """Whether Hypothesis is executing an example of a property."""
    return currently_in_test_context()


def data_of_example() -> st.DataObject | None:
    """What the present example is drawn with, as its argument ``data`` would be.

    None for what ``@example`` gives, which is not drawn.
    """
    context: Any = current_build_context()
    data = context.data
    if context.is_final and 0 in (data.max_length, getattr(data, "max_choices", None)):
        return None
    drawing: st.DataObject = data.draw(st.data())
    return drawing


def outside_of_example() -> AbstractContextManager[object]:
    """Within the block, a module may be loaded that decorates tests with ``@given``."""
    outside: AbstractContextManager[object] = _current_build_context.with_value(None)
    return outside


def repeatable(scenario: Callable[[], T]) -> Callable[[], T]:
    """``scenario``, which may call Hypothesis' ``target`` at each execution in one example."""
    data: Any = current_build_context().data

    def again() -> T:
        __tracebackhide__ = True
        data.target_observations.clear()
        return scenario()

    return again


def set_for_simulation(property: Any) -> None:
    """Let ``property`` do without what says nothing of code that is simulated.

    That is how long an example takes, and which lines were run: they are ours.
    """
    before = property._hypothesis_internal_use_settings
    property._hypothesis_internal_use_settings = settings(
        before, deadline=None, phases=[phase for phase in before.phases if phase != Phase.explain]
    )
