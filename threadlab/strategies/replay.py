"""Follows a given schedule, decision by decision, as the kernel does from delay to delay.

For what looks on at each decision: the kernel's own way calls nobody between two delays.
"""

from collections.abc import Sequence

from threadlab.schedule import Schedule
from threadlab.simulation.kernel import Kernel, Reason, Task


class Replay:
    def __init__(self, kernel: Kernel, schedule: Schedule) -> None:
        self._kernel = kernel
        self._delays = sorted(schedule, reverse=True)

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        place = self._kernel.place(reason)
        skip = 0
        while self._delays and self._delays[-1][:2] <= place:  # a turn that never came counts, too
            skip = self._delays.pop()[2]
        return min(skip, len(ready) - (not clock))
