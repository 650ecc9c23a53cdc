"""Every schedule of up to a number of delays, those with fewer first (Emmi et al., POPL 2011).

Most bugs need one delay or two, so this finds most of them, with the smallest schedule there
is; and when it has seen all within the bound, it says so, which no random strategy can. A delay
counts as one whatever it skips, as it does in a schedule.

The schedules of one number of delays come in random order: the first ones in order are all
alike.
"""

from array import array
from collections.abc import Callable, Sequence
from random import Random

from threadlab.schedule import Delay, Schedule
from threadlab.simulation.kernel import Reason, Task
from threadlab.strategies import Setting

KEPT = 10_000_000
"""Delays that are kept to be added, 8 bytes each; with more of them, not all is seen."""

Parent = tuple[Schedule, "array[int]"]
"""A plan that has been made, and the delays that are still to be added to it, in random order."""


class Bounded:
    name = "bounded"
    splits, records = True, False

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._kernel = setting.simulation.kernel
        self._random = Random(setting.seed)
        self.exhausted = False
        self._most = KEPT // setting.lanes
        self._kept = 0
        self._level = 0
        self._first = True  # the plan without delays is still to come
        self._parents: list[Parent] = []  # of the plans of this level
        self._next: list[Parent] = []  # of those of the next
        self._plan = Schedule()
        self._delays = array("Q")
        self._at = 0

    def next(self) -> "Bounded | Schedule | None":
        if not self._first:
            if not self._parents:
                if self._level == self._setting.bound or not self._next:
                    self.exhausted = self._kept <= self._most
                    return None
                self._parents, self._next = self._next, []
                self._level += 1
            self._plan = self._extended()
        self._first = False
        if self._level == self._setting.bound:
            return self._plan
        self._delays = array("Q")
        self._at = 0
        return self

    def done(self) -> None:
        if self._level < self._setting.bound and self._delays:
            self._kept += len(self._delays)
            if self._kept <= self._most:
                self._random.shuffle(self._delays)
                self._next.append((self._plan, self._delays))

    def split(self, setting: Setting) -> "Bounded":
        other = Bounded(setting)
        other._level, other._first = self._level, self._first
        other._parents = _part(self._parents, setting.mine)
        other._next = _part(self._next, setting.mine)
        other._kept = -(-self._kept // setting.lanes)  # not forgetting that it was too many
        return other

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

    def _extended(self) -> Schedule:
        """A random parent with one more delay, which no other plan has there."""
        parents = self._parents
        number = self._random.randrange(len(parents))
        plan, delays = parents[number]
        delay = _unpacked(delays.pop())
        if not delays:
            parents[number] = parents[-1]
            parents.pop()
        return Schedule((*plan, delay))


def _unpacked(delay: int) -> Delay:
    return delay >> 32, delay >> 16 & 0xFFFF, delay & 0xFFFF


def _part(parents: Sequence[Parent], mine: Callable[[int, int, int], bool]) -> list[Parent]:
    """Of what comes of ``parents``, that which begins with a delay that is ``mine``."""
    part = []
    for plan, delays in parents:
        if not plan:
            delays = array("Q", (delay for delay in delays if mine(*_unpacked(delay))))
        elif not mine(*plan[0]):
            continue
        if delays:
            part.append((plan, delays[:]))
    return part
