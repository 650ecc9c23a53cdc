"""Every schedule of at most so many delays, those with fewer first (Emmi et al., POPL 2011).

Most bugs need one delay or two, so this finds most of them, with the smallest schedule there
is; and when it has seen all within the bound, it says so, which no random strategy can. A delay
counts as one whatever it skips, as it does in a schedule.

The schedules of one number of delays come in random order: the first ones in order are all
alike.
"""

from array import array
from collections.abc import Iterator, Sequence
from random import Random

from threadlab.schedule import Schedule
from threadlab.simulation.kernel import Reason, Task
from threadlab.strategies import Setting

KEPT = 10_000_000
"""Delays that are kept to be added, 8 bytes each; with more of them, not all is seen."""


class Bounded:
    name = "bounded"
    splits, records = True, False

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._kernel = setting.simulation.kernel
        self._random = Random(setting.seed)
        self.exhausted = False
        self._parents: list[tuple[Schedule, array[int]]] = []
        self._kept = 0
        self._level = 0
        self._plans: Iterator[Schedule] = iter([Schedule()])
        self._plan = Schedule()
        self._delays = array("Q")
        self._at = 0

    def next(self) -> "Bounded | Schedule | None":
        while (plan := next(self._plans, None)) is None:
            if self._level == self._setting.bound or not self._parents:
                self.exhausted = self._kept <= KEPT
                return None
            parents, self._parents = self._parents, []
            self._level += 1
            self._plans = self._extended(parents)
        self._plan = plan
        if self._level == self._setting.bound:
            return plan
        self._delays = array("Q")
        self._at = 0
        return self

    def done(self) -> None:
        if self._level < self._setting.bound and self._delays:
            self._kept += len(self._delays)
            if self._kept <= KEPT:
                self._random.shuffle(self._delays)
                self._parents.append((self._plan, self._delays))

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        """Follow the plan, and note after its last delay where there could be another."""
        step, turn = place = self._kernel.place(reason)
        if self._at < len(self._plan):
            *planned, skip = self._plan[self._at]
            if tuple(planned) != place:
                return 0
            self._at += 1
            return skip
        if reason != "spin":
            for skip in range(1, len(ready) + clock):
                if self._plan or self._setting.mine(step, turn, skip):
                    self._delays.append(step << 32 | turn << 16 | skip)
        return 0

    def _extended(self, parents: list[tuple[Schedule, "array[int]"]]) -> Iterator[Schedule]:
        """Each parent with one more delay, a random parent at a time."""
        while parents:
            number = self._random.randrange(len(parents))
            plan, delays = parents[number]
            packed = delays.pop()
            step, turn, skip = packed >> 32, packed >> 16 & 0xFFFF, packed & 0xFFFF
            if not delays:
                parents[number] = parents[-1]
                parents.pop()
            yield Schedule((*plan, (step, turn, skip)))
