"""From a failing schedule of any strategy to one of few delays, with the same failure.

A random walk departs from the default run at every other step. To leave out one of these delays
shifts the steps of all that follow, so that they mean something else. So an execution is first
seen as *stretches*, ``(task, how many decisions it has made by the end of it)``: left out, the
rest still means the same, as what a task does not do now it does in its next stretch (this is how
CHESS and Coyote drop context switches). What is left is a sparse schedule again, from which
single delays are dropped; and if there are still several, all schedules with fewer are tried, as
far as the budget goes. At last, if a thread is held back while time passes, so are those of about
as many delays in which none is, or not for as long.
"""

import math
from collections.abc import Callable, Sequence

from threadlab.schedule import Schedule
from threadlab.simulation.kernel import Kernel, Reason, Task
from threadlab.simulation.simulation import Plan, Simulation
from threadlab.strategies import Key, Setting
from threadlab.strategies.bounded import Bounded
from threadlab.strategies.replay import Replay

BUDGET = 2000
"""Executions that are made at most to have few delays."""

LEFT, LEAST = 500, 2
"""Executions that there are at least for a shorter stall, and delays that it may have in any case.
"""

Stretch = tuple[Key, int]


class Stretches(Replay):
    """A replay that keeps the stretches."""

    def __init__(self, kernel: Kernel, schedule: Schedule) -> None:
        super().__init__(kernel, schedule)
        self.stretches: list[Stretch] = []
        self._made: dict[Key, int] = {}

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        index = super().choose(ready, clock, reason)
        if reason == "spin" and not index and len(ready) + clock > 1:
            index = 1
        key = ready[index].path if index < len(ready) else None
        made = self._made[key] = self._made.get(key, 0) + 1
        if self.stretches and self.stretches[-1][0] == key:
            self.stretches.pop()
        self.stretches.append((key, made))
        return index


class Follow:
    """Lets each task run as far as the stretches say, in their order, where it can."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self._stretches = stretches
        self._at = 0
        self._made: dict[Key, int] = {}

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        while self._at < len(self._stretches):
            key, end = self._stretches[self._at]
            made = self._made.get(key, 0)
            if made < end:
                index = self._find(key, ready, clock)
                if index is not None:
                    self._made[key] = made + 1
                    return index
            self._at += 1
        return 0

    def _find(self, key: Key, ready: Sequence[Task], clock: bool) -> int | None:
        if key is None:
            return len(ready) if clock else None
        return next((index for index, task in enumerate(ready) if task.path == key), None)


def minimise(
    simulation: Simulation,
    schedule: Schedule,
    fails: Callable[[Plan], bool],
) -> Schedule:
    """A schedule with as few delays as `BUDGET` executions get.

    ``fails`` makes an execution and says whether it fails as the one under ``schedule`` does.
    """
    return _Minimiser(simulation, schedule, fails).run()


class _Minimiser:
    def __init__(
        self,
        simulation: Simulation,
        schedule: Schedule,
        fails: Callable[[Plan], bool],
    ) -> None:
        self._simulation = simulation
        self._kernel = simulation.kernel
        self._best = schedule
        self._stalled = 0.0
        self._fails = fails
        self._left = BUDGET

    def run(self) -> Schedule:
        if len(self._best) > 2:
            self._drop_stretches()
        self._drop_delays()
        if len(self._best) > 1:
            self._search(len(self._best) - 1)
        if self._best and self._fails(self._best) and self._kernel.stalled:
            self._stalled = self._kernel.stalled
            self._left = max(self._left, LEFT)
            self._stall_less(max(len(self._best), LEAST))
        return self._best

    def _try(self, plan: Plan) -> bool:
        """Whether ``plan`` fails as well, with fewer delays or a shorter stall; it is best then."""
        self._left -= 1
        if self._left < 0 or not self._fails(plan):
            return False
        taken = Schedule(self._kernel.taken)
        if len(taken) >= len(self._best) and self._kernel.stalled >= self._stalled:
            return False
        self._best = taken
        self._stalled = min(self._stalled, self._kernel.stalled)
        return True

    def _stretches(self) -> list[Stretch]:
        chooser = Stretches(self._kernel, self._best)
        self._fails(chooser)
        return chooser.stretches

    def _drop_stretches(self) -> None:
        stretches = self._stretches()
        size = max(len(stretches) // 2, 1)
        while self._left > BUDGET // 2:
            at = 0
            dropped = False
            while at < len(stretches) and self._left > BUDGET // 2:
                if self._try(Follow(stretches[:at] + stretches[at + size :])):
                    stretches = self._stretches()
                    dropped = True
                else:
                    at += size
            if size == 1 and not dropped:
                break
            size = max(size // 2, 1)

    def _drop_delays(self) -> None:
        dropped = True
        while dropped:
            dropped = False
            for at in reversed(range(len(self._best))):
                if self._try(Schedule(self._best[:at] + self._best[at + 1 :])):
                    dropped = True
                    break

    def _search(self, bound: int) -> bool:
        """Try all schedules of at most ``bound`` delays; say whether one is better."""
        everything: Callable[[int, int, int], bool] = lambda *delay: True  # noqa: E731
        bounded = Bounded(Setting(self._simulation, 0, bound, everything))
        while self._left > 0 and (plan := bounded.next()) is not None:
            if self._try(plan):
                return True
            bounded.done()
        return False

    def _stall_less(self, bound: int) -> None:
        """At best nobody is held back at all; or else not for as long, and so on."""
        kernel = self._kernel
        before, kernel.stall = kernel.stall, 0.0
        if not self._search(bound):
            kernel.stall = math.nextafter(self._stalled, 0)
            while self._search(bound):
                kernel.stall = math.nextafter(self._stalled, 0)
        kernel.stall = before
