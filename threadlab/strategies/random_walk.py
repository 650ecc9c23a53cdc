"""At each decision, every candidate is as likely as any other.

The plainest strategy, and hard to beat where a bug needs many switches and no order among them
(Thomson et al., TOPC 2016). It rarely lets a thread run far ahead of the others, which is
what `pct` is for.
"""

from collections.abc import Sequence
from random import Random

from threadlab.simulation.kernel import Reason, Task
from threadlab.strategies import Setting


class RandomWalk:
    name = "random"
    splits, records = True, False
    exhausted = False

    def __init__(self, setting: Setting) -> None:
        self._random = Random(setting.seed).random

    def next(self) -> "RandomWalk":
        return self

    def done(self) -> None:
        pass

    def split(self, setting: Setting) -> "RandomWalk":
        return RandomWalk(setting)

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        return int(self._random() * (len(ready) + clock))
