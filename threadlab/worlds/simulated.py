"""The simulated world: one OS thread, a virtual clock, a schedule that is data."""

import copy
import math
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from hypothesis import strategies as st

from threadlab.errors import CannotSimulate, SubjectError, in_one_line
from threadlab.schedule import PROMPT, Schedule
from threadlab.simulation.project import Project
from threadlab.simulation.simulation import Simulation
from threadlab.worlds.sampling import Sampler
from threadlab.worlds.subjects import Subject

T = TypeVar("T")


class SimulatedWorld:
    """One OS thread, a virtual clock, and a given schedule for each execution.

    A scenario is executed several times: under the default schedule first, where time is exact,
    then under others. With ``fixed``, everything is executed once, under that schedule. With
    ``races``, a data race of the subject is a failure.

    Raises `SubjectError` if the subject does not load there.
    """

    def __init__(
        self, subject: Subject, fixed: Schedule | None = None, *, races: bool = False
    ) -> None:
        try:
            self._simulation = simulation = Simulation(
                Project(subject.own_names(), [str(subject.folder)]), recording=True
            )
            self._sampler = Sampler(simulation, fixed, races=races)
            self.kernel = simulation.kernel
            self._data: st.DataObject | None = None
            self.threading = simulation.threading
            self.time = simulation.load("time")
            self.socket = simulation.load("socket")
            self.futures = simulation.load("concurrent.futures")
            self.subject = simulation.load(subject.module.__name__)
        except (Exception, CannotSimulate) as error:
            raise SubjectError(
                f"subject {subject.spec!r} has no place in the simulated world: "
                f"{in_one_line(error)}"
            ) from None

    def __repr__(self) -> str:
        return "simulated"

    @property
    def executions(self) -> int:
        return self._simulation.executions

    @property
    def cut_off(self) -> int:
        return self._sampler.cut_off

    @property
    def virtual_seconds(self) -> float:
        return self._simulation.virtual_seconds

    def for_example(self, data: st.DataObject) -> "SimulatedWorld":
        """This world, with the schedules drawn from ``data``."""
        world = copy.copy(self)
        world._data = data
        return world

    def intervals(self) -> st.SearchStrategy[float]:
        return st.floats(1e-6, 3e6)  # three thousand of these can still be slept in one go

    def counts(self, least: int) -> st.SearchStrategy[int]:
        # mostly few, and now and then thousands
        return st.integers(0, 19).flatmap(
            lambda choice: st.integers(least, 12 if choice < 19 else 3000)
        )

    def late(self, at: float, due: float) -> bool:
        """Exact but for one rounding under the default schedule; any other may delay anything."""
        return self._sampler.plan == PROMPT and at > math.nextafter(due, math.inf)

    def early(self, at: float, due: float) -> bool:
        """Exact but for one rounding under the default schedule, as `late` is."""
        return self._sampler.plan == PROMPT and at < math.nextafter(due, -math.inf)

    def overdue(self, at: float, due: float, since: float) -> bool:
        return since > self.kernel.settled and at > math.nextafter(due, math.inf)

    def run(self, scenario: Callable[[], T]) -> T | None:
        __tracebackhide__ = True
        draw = partial(self._data.draw, label="schedules") if self._data is not None else None
        return self._sampler.run(scenario, scenario.__code__, draw)

    def execute(self, scenario: Callable[[], T], schedule: Schedule = PROMPT) -> T:
        """Run ``scenario`` once, under ``schedule``. Raises what went wrong, as it is."""
        __tracebackhide__ = True
        return self._sampler.execute(scenario, schedule)
