"""Where a scenario runs. A law is written once, against `World`, and holds in each.

A scenario is a function without arguments that builds its own state, starts threads, joins
them and asserts. It takes ``threading``, ``time``, ``socket``, ``futures`` and the subject
from its world and nowhere else, and assumes nothing about how fast anything is: what it may
say about time is that nothing is early, and that nothing is `late`.
"""

import concurrent.futures
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Protocol, TypeVar

from hypothesis import strategies as st

from tests.harness import leaks, watchdog
from tests.harness.failures import Hang, Unrepeatable
from tests.harness.simulation.schedule import Schedule
from tests.harness.simulation.world import SimulatedWorld
from tests.harness.subjects import Subject, SubjectError, in_one_line

T = TypeVar("T")


class World(Protocol):
    """The modules are those of this world, the subject among them."""

    threading: ModuleType
    time: ModuleType
    socket: ModuleType
    futures: ModuleType
    subject: ModuleType

    @property
    def executions(self) -> int:
        """How many there were."""

    @property
    def virtual_seconds(self) -> float:
        """The time that has passed in them all, where it is simulated."""

    def for_example(self, data: st.DataObject) -> "World":
        """The world for one example of a property, which may draw from ``data`` as it runs."""

    def intervals(self) -> st.SearchStrategy[float]:
        """Intervals that a scenario can afford to wait for, in seconds."""

    def counts(self, least: int) -> st.SearchStrategy[int]:
        """How many ticks, values or chunks a scenario can afford."""

    def late(self, at: float, due: float) -> bool:
        """Whether ``at`` is later than what is due at ``due`` can be in this world."""

    def overdue(self, at: float, due: float, since: float) -> bool:
        """Whether ``at`` is later than ``due``, though no schedule held anyone up after ``since``.

        Stricter than `late`, and for what falls due by itself, with no call after ``since``.
        """

    def run(self, scenario: Callable[[], T]) -> T:
        """Run ``scenario`` to its end and return its result.

        Raises what it raised, or what any of its threads raised and did not handle, or a
        failure of this world: that it hung, or left threads running.
        """


_hung: set[ModuleType] = set()
"""The subjects of which a scenario has hung, in this process."""


class RealWorld:
    """Real threads, the real clock, real sockets: any schedule that the machine comes up with.

    It can only sample schedules, and must never cry wolf: ``patience`` is many times what a
    scenario takes. A subject that has hung is broken, and hangs again in one test after the
    other, so from then on a fifth of that in which nothing at all is done is enough.
    """

    threading: ModuleType = threading
    time: ModuleType = time
    socket: ModuleType = socket
    futures: ModuleType = concurrent.futures

    def __init__(self, subject: Subject, patience: float | None = None) -> None:
        self.subject = subject.module
        self.patience = watchdog.PATIENCE if patience is None else patience
        self.executions = 0
        self.virtual_seconds = 0.0

    def __repr__(self) -> str:
        return "real"

    def for_example(self, data: st.DataObject) -> "RealWorld":
        return self

    def intervals(self) -> st.SearchStrategy[float]:
        return st.integers(1, 5).map(lambda milliseconds: milliseconds / 1000)

    def counts(self, least: int) -> st.SearchStrategy[int]:
        return st.integers(least, 6)

    def late(self, at: float, due: float) -> bool:
        """Never: what is late is a hang for the watchdog, and a machine may stand still."""
        return False

    def overdue(self, at: float, due: float, since: float) -> bool:
        return False

    def run(self, scenario: Callable[[], T]) -> T:
        __tracebackhide__ = True
        self.executions += 1
        try:
            with _unhandled_raised(), leaks.guard():
                return watchdog.call(scenario, self.patience, not_idle=self.subject in _hung)
        except Hang:
            _hung.add(self.subject)
            raise


def simulated(
    subject: Subject, schedule: Schedule | None = None, *, races: bool = False
) -> SimulatedWorld:
    """The simulated world, with everything under ``schedule`` if there is one.

    With ``races``, a data race of the subject's is a failure.
    Raises `SubjectError` if the subject does not load there.
    """
    try:
        return SimulatedWorld(subject, schedule, races=races)
    except Exception as error:
        raise SubjectError(
            f"subject {subject.spec!r} has no place in the simulated world: {in_one_line(error)}; "
            "--world=real judges it on real threads alone"
        ) from None


WORLDS = ("real", "simulated")


@contextmanager
def _unhandled_raised() -> Iterator[None]:
    """Raise at the end what a thread did not handle meanwhile, or note it on what is raised."""
    errors: list[BaseException] = []
    others = set(threading.enumerate())  # what these raise is of another scenario

    def hook(args: threading.ExceptHookArgs) -> None:
        if args.thread in others:
            return
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            args.exc_value.add_note(f"in thread {args.thread.name if args.thread else '?'}")
            errors.append(args.exc_value)

    before = threading.excepthook
    threading.excepthook = hook
    try:
        yield
    except BaseException as error:
        for other in errors:
            error.add_note(f"beside it, {' '.join(other.__notes__)}: {other!r}")
        raise
    finally:
        threading.excepthook = before
    if errors:
        if isinstance(errors[0], KeyboardInterrupt):  # the user's would be in the main thread
            raise Unrepeatable("a KeyboardInterrupt in a thread") from errors[0]
        raise errors[0]


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
