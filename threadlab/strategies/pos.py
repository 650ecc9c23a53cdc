"""A walk that makes each order of what matters as likely as any other (SURW).

In a plain random walk a thread that has much to do is nearly always behind those that have
little. Here a task is chosen with a probability in proportion to the steps that it, and those that
it will start, have still before them, as known from the executions before. That makes all
interleavings equally likely; but they are astronomically many, and most of them differ in
what nobody cares for. So most executions have a *name*, of an attribute or variable that
several tasks use; only steps that access it count, and each task goes on until it has come to one
(SURW: Zhao et al., ASPLOS 2025, which chooses such a set of events at random as well). In each
fourth execution all steps count: there are bugs that no single name shows.

What comes before the first step that counts ought to decide nothing, and does if threads begin to
run in the order in which they are started. So in most executions a thread waits at its first step
until all that have begun before can go no further, and then it is drawn which one goes on. That
is also what finds, in few executions, a bug for which a hundred threads have to be held back.

It is called ``pos`` after partial-order sampling (Yuan et al., CAV 2018), whose place it has taken:
that draws a priority for each step. Of the two this one found the bugs of the yardstick in fewer
executions, by far where many threads compete, as in reorder_10 and philosophers5.
"""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from random import Random

from threadlab.simulation.kernel import Reason, Task
from threadlab.strategies import Path, Setting

EVERY = ""
"""In place of a name: all steps count."""

NONE = "-"
"""No step counts: threads run one after another, in an order that is drawn."""

EACH = 4
"""All steps count in one execution of so many."""

GATHERS = 0.9
"""In how many executions threads wait at their first steps."""

FREE, FRESH, HELD, SPINS = range(4)
"""How far a task has come: it goes on, is at its first step, is held up, gets nowhere by itself."""


class Pos:
    name = "pos"
    splits, records = True, False
    exhausted = False

    def __init__(self, setting: Setting) -> None:
        self._random = Random(setting.seed)
        self._sites = setting.simulation.sites
        self._kernel = setting.simulation.kernel
        self._counts: dict[str, dict[Path, int]] = {EVERY: {}}  # the steps of each task, by name
        self._made = 0

    def next(self) -> "Pos":
        self._made += 1
        self._name = self._chosen()
        self._gathers = self._random.random() < GATHERS
        self._left: dict[Path, int] = {}  # with what it will start
        for path, steps in self._counts.get(self._name, {}).items():
            for length in range(len(path) + 1):
                self._left[path[:length]] = self._left.get(path[:length], 0) + steps
        self._known: set[Path] = {()}
        self._stopped: dict[Path, int] = {}  # those that are not free
        self._made_at: dict[tuple[int, Path], int] = {}  # steps, by the site and who made them
        return self

    def _chosen(self) -> str:
        if self._made == 1:
            return NONE
        shared = [name for name, users in self._counts.items() if name and len(users) > 1]
        return self._random.choice(shared) if shared and self._made % EACH else EVERY

    def done(self) -> None:
        now: dict[str, Counter[Path]] = {}
        for (site, path), steps in self._made_at.items():
            for name in (EVERY, *sorted(self._sites[site].names)):  # a set has no order of its own
                now.setdefault(name, Counter())[path] += steps
        for name, users in now.items():
            self._counts.setdefault(name, {}).update(users)

    def split(self, setting: Setting) -> "Pos":
        other = Pos(setting)
        other._counts = deepcopy(self._counts)
        other._made = self._made
        return other

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        stopped = self._stopped
        if reason == "step":
            task = ready[0]
            path = task.path
            is_first = path not in self._known
            if is_first:
                self._known.add(path)
            if len(self._kernel.tasks) == 1:
                return 0
            at = task.site, path
            self._made_at[at] = self._made_at.get(at, 0) + 1
            counts = self._name == EVERY or self._name in self._sites[task.site].names
            if counts:
                stopped[path] = HELD
                for length in range(len(path) + 1):
                    self._left[path[:length]] = self._left.get(path[:length], 1) - 1
            elif is_first and self._gathers:
                stopped[path] = FRESH
            else:
                return 0
        elif reason == "yield":
            stopped[ready[-1].path] = SPINS
        elif reason == "spin":
            stopped[ready[0].path] = SPINS
        index = self._pick(ready, clock) if len(ready) > 1 or clock else 0
        if index < len(ready):
            stopped.pop(ready[index].path, None)
        return index

    def _pick(self, ready: Sequence[Task], clock: bool) -> int:
        """One of those that have come least far; of those at a step that counts, by weight."""
        states = [self._stopped.get(task.path, FREE) for task in ready]
        state = min(states)
        indices = [index for index, other in enumerate(states) if other == state]
        weights = [1.0] * len(indices)
        if state == HELD:
            weights = [max(self._left.get(ready[i].path, 0) + 1, 0.5) for i in indices]
        if clock and state >= HELD:
            indices.append(len(ready))
            weights.append(1.0)
        return self._random.choices(indices, weights)[0]
