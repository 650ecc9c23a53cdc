"""A walk that makes each interleaving as likely as any other (SURW: Zhao et al., ASPLOS 2025).

In a plain random walk a thread that has much to do is nearly always behind those that have
little. Here a task is chosen with a probability in proportion to the decisions that it, and
those that it will start, have still before them, as known from executions before.
"""

from collections.abc import Sequence
from random import Random

from tests.harness.simulation.kernel import Reason, Task
from tests.harness.strategies import Setting

Path = tuple[int, ...]


class UniformWalk:
    name = "pos"
    exhausted = False

    def __init__(self, setting: Setting) -> None:
        self._random = Random(setting.seed)
        self._totals: dict[Path, int] = {}  # of a task alone, in the last execution
        self._made: dict[Path, int] = {}

    def next(self) -> "UniformWalk":
        self._left: dict[Path, float] = {}  # with what it will start
        for path, total in self._totals.items():
            for length in range(len(path) + 1):
                self._left[path[:length]] = self._left.get(path[:length], 0) + total
        self._known: set[Path] = {()}
        self._made = {}
        return self

    def done(self) -> None:
        self._totals = self._made

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        left = self._left
        weights = []
        for task in ready:
            path = task.path
            if path not in self._known:
                self._known.add(path)
                share = left.setdefault(path, 1)
                for length in range(len(path)):
                    left[path[:length]] = left.get(path[:length], 0) - share
            weights.append(max(left.get(path, 1), 0.5))
        if clock:
            weights.append(1)
        (index,) = self._random.choices(range(len(weights)), weights)
        if index < len(ready):
            path = ready[index].path
            self._made[path] = self._made.get(path, 0) + 1
            left[path] = left.get(path, 1) - 1
        return index
