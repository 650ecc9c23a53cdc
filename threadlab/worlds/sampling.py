"""Executes a scenario as an example of a property does: under a few schedules.

Under the default schedule first, where time is exact, then under schedules that are drawn when the
number of its steps is known. So it must build its own state, each time anew. Hypothesis draws them
with the data of the example, so that both are shrunk together.
"""

import itertools
import math
import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from threadlab.errors import CutOff, DataRace, Livelock, Nondeterministic
from threadlab.execution import Execution, as_failure, mark
from threadlab.schedule import PROMPT, Schedule
from threadlab.simulation.determinism import Switch, difference, logged, two_ways
from threadlab.simulation.interruption import interruptible
from threadlab.simulation.kernel import Chooser
from threadlab.simulation.simulation import Simulation
from threadlab.strategies.holds import Holding, Holds

if TYPE_CHECKING:
    from hypothesis import strategies as st

T = TypeVar("T")
SCHEDULES = 8
"""How many schedules at most one example of a property carries, beside the default one."""

STEPS = 4_000_000
"""Steps after which an execution is a livelock, ten times what any took that ended."""

STEPS_AGAIN = 300_000
"""The same once the scenario has livelocked or been cut off: the next examples are like it."""

Drawn = Schedule | Holds
Draw = Callable[["st.SearchStrategy[Any]"], Any]

fixed: Schedule | None = None
"""What every scenario of this process is executed under, once: pytest's ``--schedule``."""


class Sampler:
    """Executions in ``simulation``, which is recording.

    With ``fixed``, a scenario is executed once, under that schedule. With ``races``, a data race is
    a failure. With ``holding``, threads may be held back until no other can go on; without, only
    a delay holds anyone up. While time passes, it is for ``stall`` seconds at most. What is raised
    has the execution as its ``execution``.
    """

    def __init__(
        self,
        simulation: Simulation,
        fixed: Schedule | None = None,
        *,
        races: bool = False,
        holding: bool = False,
        stall: float = math.inf,
    ) -> None:
        assert simulation.accesses is not None
        simulation.accesses.detecting = races  # or else they are off, but for a report
        self.simulation = simulation
        self.fixed = fixed
        self._holding = holding
        self._stall = stall
        self.plan: Drawn = PROMPT
        """Of the present execution, or the last."""
        self._checked: set[object] = set()
        self._long: set[object] = set()
        self.cut_off = 0
        """Executions that had used up their steps, and have neither failed nor passed."""

    def run(
        self,
        scenario: Callable[[], T],
        key: object,
        draw: Draw | None = None,
        most: int = SCHEDULES,
    ) -> T | None:
        """Execute ``scenario``, under at most ``most`` schedules beside the default one.

        They are drawn by ``draw``, or without it are always the same. ``key`` is what the
        scenarios of all examples have in common.
        """
        __tracebackhide__ = True
        self.simulation.kernel.limit = STEPS_AGAIN if key in self._long else STEPS
        before = self.cut_off
        try:
            with interruptible():  # or else a Ctrl-C between executions is taken for a failure
                return self._run(scenario, key, draw, most)
        except Livelock:
            self._long.add(key)
            raise
        finally:
            if self.cut_off > before:
                self._long.add(key)

    def _run(
        self, scenario: Callable[[], T], key: object, draw: Draw | None, most: int
    ) -> T | None:
        __tracebackhide__ = True
        only = fixed if self.fixed is None else self.fixed
        self.simulation.kernel.stall = self._stall if only is None else math.inf
        if only is not None:
            return self._attempt(scenario, only)
        before = self.cut_off
        with logged(self.simulation.kernel) as log:
            result = self._attempt(scenario, PROMPT)
        if self.cut_off > before:
            return result
        steps = self.simulation.kernel.steps
        if key not in self._checked:
            self._checked.add(key)
            self._check_determinism(scenario)
        most = most if steps < 5000 else 1
        for plan in _plans(steps, log, most, draw, self._holding):
            self._attempt(scenario, plan)
        return result

    def execute(self, scenario: Callable[[], T], plan: Drawn) -> T:
        """Run ``scenario`` once, under ``plan``. Raises what went wrong, as it is."""
        __tracebackhide__ = True
        self.plan = plan
        result = self._execute(scenario, plan)
        accesses = self.simulation.accesses
        if accesses is not None and accesses.races:
            with accesses.stacks():
                self._execute(scenario, plan)
            raise DataRace(str(accesses.races[0]))
        return result

    def _execute(self, scenario: Callable[[], T], plan: Drawn) -> T:
        __tracebackhide__ = True
        simulation = self.simulation
        if isinstance(plan, Holds):
            return simulation.execute(scenario, Holding(simulation.kernel, plan))
        return simulation.execute(scenario, plan)

    def _attempt(self, scenario: Callable[[], T], plan: Drawn) -> T | None:
        """What ``scenario`` returns; nothing if it was cut off."""
        __tracebackhide__ = True
        try:
            return self.execute(scenario, plan)
        except CutOff:
            self.cut_off += 1
            return None
        except BaseException as raised:
            error = as_failure(raised)
            taken = self.simulation.kernel.taken
            schedule = plan if isinstance(plan, Schedule) else Schedule(taken)

            def again() -> object:
                self.plan = schedule
                return scenario()

            mark(error, Execution(self.simulation, again, schedule), under(schedule))
            if error is raised:
                raise
            raise error from raised

    def _check_determinism(self, scenario: Callable[[], object]) -> None:
        kernel = self.simulation.kernel
        with logged(kernel) as one:
            self.execute(scenario, PROMPT)
        with logged(kernel) as other:
            self.execute(scenario, PROMPT)
        if one != other:
            raise Nondeterministic(two_ways(one, other, difference(kernel, self._again(scenario))))

    def _again(self, scenario: Callable[[], object]) -> Callable[[Chooser], None]:
        def execute(chooser: Chooser) -> None:
            with suppress(Exception):
                self.simulation.execute(scenario, chooser)

        return execute


def under(schedule: Schedule) -> str:
    """What an error says of the one under which it was raised."""
    return f"under the schedule {schedule}"


def _plans(
    steps: int,
    log: Sequence[Switch],
    most: int,
    draw: Draw | None,
    holding: bool,
) -> Iterable[Drawn]:
    """What an example carries whose default run has ``steps`` and switched as ``log`` says."""
    if draw is not None:
        from hypothesis import strategies as st  # which whoever has ``draw`` has imported

        from threadlab.worlds.drawing import holds, schedules

        of_threads: dict[int, list[int]] = {}
        for (begun, thread), (ended, _) in itertools.pairwise([*log, (steps, 0)]):
            of_threads.setdefault(thread, []).extend(range(begun + 1, ended + 1))
        places = [steps for steps in of_threads.values() if steps]
        one: st.SearchStrategy[Drawn] = schedules(steps, of_threads=places)
        if holding and places:
            one = holds(places) | one
        drawn: list[Drawn] = draw(st.lists(one, max_size=most))
        return drawn
    choose = random.Random(0)
    draws = [
        {choose.randint(1, steps): choose.randint(1, 3) for _ in range(3)}
        for _ in range(most if steps else 0)
    ]
    return [Schedule.at_steps(delays.items()) for delays in draws]
