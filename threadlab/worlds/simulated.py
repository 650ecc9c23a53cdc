"""The simulated world: one OS thread, a virtual clock, a schedule that is data.

A scenario is executed several times: under the prompt schedule first, where time is exact, then
under schedules that are drawn when the number of its steps is known. So it must build its own
state, each time anew.
"""

import copy
import itertools
import math
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from greenlet import GreenletExit
from hypothesis import strategies as st

from threadlab.errors import (
    CannotSimulate,
    DataRace,
    Interrupted,
    Livelock,
    Nondeterministic,
    SubjectError,
    in_one_line,
)
from threadlab.schedule import PROMPT, Schedule
from threadlab.simulation.project import Project
from threadlab.simulation.simulation import Simulation
from threadlab.worlds.drawing import schedules
from threadlab.worlds.subjects import Subject

T = TypeVar("T")
Execution = tuple[Simulation, Callable[[], object], Schedule]
"""To make one again: its world, the scenario, the schedule."""

SCHEDULES = 8
"""How many schedules at most one example of a property carries, beside the prompt one."""

STEPS = 4_000_000
"""Steps after which an execution is a livelock, ten times what any took that ended."""

STEPS_AGAIN = 300_000
"""The same once the scenario has livelocked, and Hypothesis looks for its smallest example."""

ENDING = (KeyboardInterrupt, SystemExit, GeneratorExit, GreenletExit)
"""What would end the test run, and from a scenario is a failure like any other."""


class SimulatedWorld:
    """One OS thread, a virtual clock, and a given schedule for each execution.

    With ``fixed``, everything is executed once, under that schedule. With ``races``, a data race
    of the subject's is a failure. What is raised has the `Execution` as its ``execution``.
    """

    def __init__(
        self, subject: Subject, fixed: Schedule | None = None, *, races: bool = False
    ) -> None:
        self._simulation = simulation = Simulation(
            Project(subject.own_names(), [str(subject.folder)]), recording=True
        )
        assert simulation.accesses is not None
        simulation.accesses.detecting = races  # or else they are off, but for a report
        self.kernel = simulation.kernel
        self._fixed = fixed
        self._schedule = PROMPT
        self._data: st.DataObject | None = None
        self._checked: set[object] = set()
        self._livelocked: set[object] = set()
        self.threading = simulation.threading
        self.time = simulation.load("time")
        self.socket = simulation.load("socket")
        self.futures = simulation.load("concurrent.futures")
        self.subject = simulation.load(subject.module.__name__)

    def __repr__(self) -> str:
        return "simulated"

    @property
    def executions(self) -> int:
        return self._simulation.executions

    @property
    def virtual_seconds(self) -> float:
        return self._simulation.virtual_seconds

    def for_example(self, data: st.DataObject) -> "SimulatedWorld":
        """This world, with the schedules drawn from ``data``."""
        world = copy.copy(self)
        world._data = data
        return world

    def intervals(self) -> st.SearchStrategy[float]:
        return st.floats(1e-6, 3.2e7)  # up to a year

    def counts(self, least: int) -> st.SearchStrategy[int]:
        # mostly few, and now and then thousands
        return st.integers(0, 19).flatmap(
            lambda choice: st.integers(least, 12 if choice < 19 else 3000)
        )

    def late(self, at: float, due: float) -> bool:
        """Exact but for one rounding under the prompt schedule; any other may delay anything."""
        return self._schedule == PROMPT and at > math.nextafter(due, math.inf)

    def overdue(self, at: float, due: float, since: float) -> bool:
        return since > self.kernel.settled and at > math.nextafter(due, math.inf)

    def run(self, scenario: Callable[[], T]) -> T:
        __tracebackhide__ = True
        again = scenario.__code__ in self._livelocked
        self.kernel.limit = STEPS_AGAIN if again else STEPS
        try:
            return self._run(scenario)
        except Livelock:
            self._livelocked.add(scenario.__code__)
            raise

    def _run(self, scenario: Callable[[], T]) -> T:
        __tracebackhide__ = True
        if self._fixed is not None:
            return self._attempt(scenario, self._fixed)
        result = self._attempt(scenario, PROMPT)
        steps = self.kernel.steps
        if scenario.__code__ not in self._checked:
            self._checked.add(scenario.__code__)
            self._check_determinism(scenario, PROMPT)
        for schedule in self._schedules(steps):
            self._attempt(scenario, schedule)
        return result

    def execute(self, scenario: Callable[[], T], schedule: Schedule = PROMPT) -> T:
        """Run ``scenario`` once, under ``schedule``. Raises what went wrong, as it is."""
        __tracebackhide__ = True
        self._schedule = schedule
        result = self._simulation.execute(scenario, schedule)
        accesses = self._simulation.accesses
        if accesses is not None and accesses.races:
            accesses.with_stacks = True
            try:
                self._simulation.execute(scenario, schedule)
            finally:
                accesses.with_stacks = False
            raise DataRace(str(accesses.races[0]))
        return result

    def _schedules(self, steps: int) -> Iterable[Schedule]:
        most = SCHEDULES if steps < 5000 else 1
        if self._data is not None:
            drawn: list[Schedule] = self._data.draw(
                st.lists(schedules(steps), max_size=most), label="schedules"
            )
            return drawn
        choose = random.Random(0)
        draws = [
            {choose.randint(1, steps): choose.randint(1, 3) for _ in range(3)}
            for _ in range(most if steps else 0)
        ]
        return [Schedule.at_steps(delays.items()) for delays in draws]

    def _attempt(self, scenario: Callable[[], T], schedule: Schedule) -> T:
        __tracebackhide__ = True
        try:
            return self.execute(scenario, schedule)
        except BaseException as raised:
            error = raised
            if isinstance(error, ENDING) and not isinstance(error, Interrupted):
                error = AssertionError(f"exception: {error!r}")
            error.add_note(f"under the schedule {schedule}: replay with --schedule={schedule}")

            def again() -> object:
                self._schedule = schedule
                return scenario()

            with suppress(AttributeError):  # of a class that takes no attributes
                error.execution = self._simulation, again, schedule  # type: ignore[attr-defined]
            if error is raised:
                raise
            raise error from raised

    def _check_determinism(self, scenario: Callable[[], T], schedule: Schedule) -> None:
        with self._logged() as one:
            self.execute(scenario, schedule)
        with self._logged() as other:
            self.execute(scenario, schedule)
        if one != other:
            pairs = itertools.zip_longest(one, other)
            step = next(first or second for first, second in pairs if first != second)[0]
            raise Nondeterministic(
                f"the schedule {schedule} went two ways, from step {step} on: the scenario "
                "depends on something that is not of the simulated world"
            )

    @contextmanager
    def _logged(self) -> Iterator[list[tuple[int, int]]]:
        log: list[tuple[int, int]] = []
        self.kernel.log = log
        try:
            yield log
        finally:
            self.kernel.log = None


def simulated(
    subject: Subject, schedule: Schedule | None = None, *, races: bool = False
) -> SimulatedWorld:
    """The simulated world, with everything under ``schedule`` if there is one.

    With ``races``, a data race of the subject's is a failure.
    Raises `SubjectError` if the subject does not load there.
    """
    try:
        return SimulatedWorld(subject, schedule, races=races)
    except (Exception, CannotSimulate) as error:
        raise SubjectError(
            f"subject {subject.spec!r} has no place in the simulated world: {in_one_line(error)}; "
            "--world=real judges it on real threads alone"
        ) from None
