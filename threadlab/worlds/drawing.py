"""What Hypothesis draws for a world: the world of an example, what it can afford, schedules."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.control import (
    _current_build_context,
    current_build_context,
    currently_in_test_context,
)

from threadlab.schedule import Schedule
from threadlab.worlds.world import World

if TYPE_CHECKING:
    from threadlab.strategies.holds import Holds

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


def schedules(
    steps: int, most: int = 5, of_threads: Sequence[Sequence[int]] = ()
) -> st.SearchStrategy[Schedule]:
    """Schedules of 1 to ``most`` delays in an execution of about ``steps`` steps.

    ``of_threads`` are the steps of each thread in the default run: a delay is then drawn as the
    thread that it is in and a step of that. So the schedule stays what it was while the data
    shrinks, and what few threads do is drawn as often as what many do.
    """
    anywhere = range(1, max(steps, 1) + 1)
    skips = st.integers(1, 3)
    of_a_thread = st.tuples(_of_a_thread(of_threads or [anywhere]), st.just(0), skips)
    at_steps = st.tuples(_one_of(anywhere), st.just(0), skips)
    at_turns = st.tuples(st.integers(0, steps), st.integers(1, 2), skips)
    delays = st.lists(
        st.one_of(of_a_thread, of_a_thread, at_steps, at_turns),  # few steps have a turn after them
        min_size=1,  # without any, it is the default schedule, which every example carries
        max_size=most,
        unique_by=lambda delay: delay[:2],
    )
    return delays.map(lambda delays: Schedule(sorted(delays)))


def holds(of_threads: Sequence[Sequence[int]], most: int = 3) -> "st.SearchStrategy[Holds]":
    """Of 1 to ``most`` threads, where ``of_threads`` are the steps of each in the default run."""
    # With greenlet, of which real threads are to know nothing.
    from threadlab.strategies.holds import Holds

    steps = _of_a_thread(of_threads)
    return st.lists(steps, min_size=1, max_size=most, unique=True).map(
        lambda steps: Holds(sorted(steps))
    )


def _of_a_thread(of_threads: Sequence[Sequence[int]]) -> st.SearchStrategy[int]:
    return _one_of(of_threads).flatmap(_one_of)


def _one_of(values: Sequence[T]) -> st.SearchStrategy[T]:
    """As ``sampled_from``, but Hypothesis is told how many there are, and not which.

    Not ``values.__getitem__``, which would be shown with all of them: Hypothesis warns of that.
    """
    return st.integers(0, len(values) - 1).map(lambda place: values[place])


# What Hypothesis has no public name for; the same from 6.120 to 6.170.


def in_example() -> bool:
    """Whether Hypothesis is executing an example of a property."""
    return currently_in_test_context()


def is_final() -> bool:
    """Whether it is the smallest example, executed once more to be shown."""
    return bool(current_build_context().is_final)


def draw_of_example() -> Callable[[st.SearchStrategy[Any]], Any] | None:
    """Draws for the present example, without a word in what Hypothesis says of it.

    None for what ``@example`` gives, which is not drawn.
    """
    context: Any = current_build_context()
    data = context.data
    if context.is_final and 0 in (data.max_length, getattr(data, "max_choices", None)):
        return None
    draw: Callable[[st.SearchStrategy[Any]], Any] = data.draw
    return draw


def outside_of_example() -> AbstractContextManager[object]:
    """Within the block, a module may be loaded that decorates tests with ``@given``."""
    outside: AbstractContextManager[object] = _current_build_context.with_value(None)
    return outside


def repeatable(scenario: Callable[[], T]) -> Callable[[], T]:
    """``scenario``, to be executed several times for one example, and even when that has ended.

    It may call ``note``, and at each execution ``target``.
    """
    context: Any = current_build_context()

    def again() -> T:
        __tracebackhide__ = True
        context.data.target_observations.clear()
        with _current_build_context.with_value(context):
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
