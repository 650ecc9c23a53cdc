"""A walk that makes each order of what matters as likely as any other (SURW).

In a plain random walk a thread that has much to do is nearly always behind those that have
little. Here a task is chosen with a probability in proportion to the steps that it, and those that
it will start, have still before them, as known from the executions before. That makes all
interleavings equally likely; but they are astronomically many, and most of them differ in
what nobody cares for. So each execution has a *name*, of an attribute or variable that
several tasks use; only steps that access it count, and each task goes on until it has come to one
(SURW: Zhao et al., ASPLOS 2025, which chooses such a set of events at random as well). In every
other execution all steps count.

It is called ``pos`` after partial-order sampling (Yuan et al., CAV 2018), whose place it has taken:
that draws a priority for each step. Of the two this one found the bugs of the yardstick in fewer
executions, by far where many threads compete, as in reorder_10 and philosophers5.
"""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from random import Random

from threadlab.simulation.kernel import Reason, Task
from threadlab.strategies import Setting

Path = tuple[int, ...]
EVERY = ""
"""In place of a name: all steps count."""

LEARNING = 2
"""Executions from which it is known which names there are."""


class Pos:
    name = "pos"
    splits, records = True, False
    exhausted = False

    def __init__(self, setting: Setting) -> None:
        self._random = Random(setting.seed)
        self._sites = setting.simulation.sites
        self._users: dict[str, Counter[Path]] = {}  # the steps of each task, by name
        self._picked: dict[str, Counter[Path]] = {EVERY: Counter()}
        self._made = 0

    def next(self) -> "Pos":
        self._made += 1
        shared = [name for name, users in self._users.items() if len(users) > 1]
        self._name = self._random.choice(shared) if shared and self._made % 2 else EVERY
        self._left: dict[Path, float] = {}  # with what it will start
        expected = self._picked.get(self._name) or self._users.get(self._name, Counter())
        for path, steps in expected.items():
            for length in range(len(path) + 1):
                self._left[path[:length]] = self._left.get(path[:length], 0) + steps
        self._known: set[Path] = {()}
        self._held: set[Path] = set()  # those that have come to a step that counts
        self._picked[self._name] = Counter()
        return self

    def done(self) -> None:
        pass

    def split(self, setting: Setting) -> "Pos":
        other = Pos(setting)
        other._users, other._picked = deepcopy((self._users, self._picked))
        other._made = self._made
        return other

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        if reason == "step":
            task = ready[0]
            names = self._sites[task.site].names
            if self._made <= LEARNING:
                for name in sorted(names):  # the order of a set is another in each process
                    self._users.setdefault(name, Counter())[task.path] += 1
            if self._name:
                if self._name not in names:
                    return 0
                self._held.add(task.path)
        if len(ready) == 1 and not clock:
            return 0
        if self._name:
            for index, task in enumerate(ready):
                if task.path not in self._held:
                    return index
        index = self._pick(ready, clock)
        if index < len(ready):
            path = ready[index].path
            self._held.discard(path)
            self._picked[self._name][path] += 1
            self._left[path] = self._left.get(path, 1) - 1
        return index

    def _pick(self, ready: Sequence[Task], clock: bool) -> int:
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
        return index
