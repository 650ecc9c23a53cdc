"""The simulated world behind `tests.harness.worlds.World`.

A scenario is executed several times: under the prompt schedule first, where time is exact, then
under schedules that are drawn when the number of its steps is known. So it must build its own
state, each time anew.
"""

import copy
import itertools
import math
import operator
import random
from collections.abc import Callable, Iterable, Iterator, MutableMapping, MutableSet
from contextlib import contextmanager
from types import ModuleType
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.harness.simulation import instrument
from tests.harness.simulation.importer import Importer
from tests.harness.simulation.kernel import Kernel
from tests.harness.simulation.schedule import PROMPT, Schedule, schedules
from tests.harness.subjects import Subject

T = TypeVar("T")

SCHEDULES = 8
"""How many schedules at most one example of a property carries, beside the prompt one."""


class Nondeterministic(Exception):
    """The same schedule went two ways."""


class SimulatedWorld:
    """One OS thread, a virtual clock, and a given schedule for each execution.

    With ``fixed``, everything is executed once, under that schedule.
    """

    def __init__(self, subject: Subject, fixed: Schedule | None = None) -> None:
        self.kernel = Kernel()
        self._fixed = fixed
        self._schedule = PROMPT
        self._data: st.DataObject | None = None
        self._checked: set[object] = set()

        def pass_on(value: object, line: int) -> object:
            self.kernel.step(line)
            return value

        importer = Importer(
            self.kernel,
            subject.own_names(),
            str(subject.folder),
            instrument.compile_with_steps,
            {instrument.STEP: self.kernel.step, instrument.PASS_ON: pass_on},
        )
        self.threading = importer.load("threading")
        self.time = importer.load("time")
        self.socket = importer.load("socket")
        self.futures = importer.load("concurrent.futures")
        executor = importer.load("concurrent.futures.thread").ThreadPoolExecutor
        self.subject = importer.load(subject.module.__name__)
        counters = [(self.threading, 1), (executor, 0)]
        self._state = _State(importer.from_source(), counters)

    def __repr__(self) -> str:
        return "simulated"

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
        self._schedule = schedule
        results: list[T] = []
        try:
            self.kernel.run(lambda: results.append(scenario()), schedule)
        finally:
            self._state.restore()
        return results.pop()

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
        return [Schedule(sorted(delays.items())) for delays in draws]

    def _attempt(self, scenario: Callable[[], T], schedule: Schedule) -> T:
        try:
            return self.execute(scenario, schedule)
        except BaseException as error:
            error.add_note(f"under the schedule {schedule}: replay with --schedule={schedule}")
            raise

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


class _State:
    """What the standard library's modules know of threads, to be put back after an execution."""

    def __init__(self, modules: list[ModuleType], counters: list[tuple[Any, int]]) -> None:
        self._names = [(vars(module), dict(vars(module))) for module in modules]
        expected = {
            id(module): names for module, (_, names) in zip(modules, self._names, strict=True)
        }
        self._counters = [(owner, first, expected.get(id(owner), {})) for owner, first in counters]
        self._mappings: list[tuple[MutableMapping[Any, Any], dict[Any, Any]]] = []
        self._sets: list[tuple[MutableSet[Any], list[Any]]] = []
        self._locks: list[Any] = []
        for module in modules:
            for name, value in vars(module).items():
                if name.startswith("__"):
                    continue
                if isinstance(value, MutableMapping):
                    self._mappings.append((value, dict(value)))
                elif isinstance(value, MutableSet):
                    self._sets.append((value, list(value)))
                elif hasattr(value, "_at_fork_reinit") and not isinstance(value, type):
                    self._locks.append(value)

    def restore(self) -> None:
        # Every name and not only those that the modules themselves rebind, because a scenario
        # may rebind any; they are as they were nearly always, and that is quick to see.
        for owner, first, expected in self._counters:
            owner._counter = itertools.count(first).__next__
            if "_counter" in expected:
                expected["_counter"] = owner._counter
        for variables, expected in self._names:
            if len(variables) < len(expected) or not all(
                map(operator.is_, variables.values(), expected.values())
            ):
                for name, value in expected.items():
                    if variables.get(name) is not value:
                        variables[name] = value
        for mapping, pairs in self._mappings:
            if mapping or pairs:
                mapping.clear()
                mapping.update(pairs)
        for members, values in self._sets:
            if len(members) != len(values) or not all(value in members for value in values):
                members.clear()
                members |= set(values)
        for lock in self._locks:
            lock._at_fork_reinit()
