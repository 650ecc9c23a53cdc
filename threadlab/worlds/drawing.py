"""What Hypothesis draws for a world: the world of an example, what it can afford, schedules."""

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import strategies as st

from threadlab.schedule import Schedule
from threadlab.worlds.world import World

_selected: list[World] = []


@contextmanager
def selected(world: World) -> Iterator[None]:
    """Within the block, `worlds` and `intervals` are of ``world``."""
    _selected.append(world)
    try:
        yield
    finally:
        _selected.pop()


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """The selected world, for one example."""
    return _selected[-1].for_example(draw(st.data()))


def intervals() -> st.SearchStrategy[float]:
    """The selected world's intervals, in seconds."""
    return st.none().flatmap(lambda _: _selected[-1].intervals())


def counts(least: int = 0) -> st.SearchStrategy[int]:
    """Numbers of ticks, values or chunks that the selected world can afford."""
    return st.none().flatmap(lambda _: _selected[-1].counts(least))


def schedules(steps: int, most: int = 5) -> st.SearchStrategy[Schedule]:
    """Schedules of 1 to ``most`` delays in an execution of about ``steps`` steps."""
    skips = st.integers(1, 3)
    at_steps = st.tuples(st.integers(1, max(steps, 1)), st.just(0), skips)
    at_turns = st.tuples(st.integers(0, steps), st.integers(1, 2), skips)
    delays = st.lists(
        st.one_of(at_steps, at_steps, at_steps, at_turns),  # most steps have no turn after them
        min_size=1,  # without any, it is the prompt schedule, which every example carries
        max_size=most,
        unique_by=lambda delay: delay[:2],
    )
    return delays.map(lambda delays: Schedule(sorted(delays)))
