"""Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010).

Each task gets a random priority, and the highest that can run, runs. At `CHANGES` random moments
the running task gets the lowest. With n tasks and k decisions, a bug for which d of them must be in
some order is found with a probability of at least 1/(n k^(d-1)) in each execution.

The decisions that count are those at a step that accesses a name which several tasks use, and those
at which the running task cannot go on. To change priorities elsewhere changes nothing, and the
smaller k is, the better.

The clock is no task with a priority, as time would then race ahead of all that is lower; it
passes at a moment of change now and then. A task that yields or spins gets the lowest priority, or
what it waits for would never come.
"""

from collections.abc import Sequence
from random import Random

from threadlab.simulation.kernel import Reason, Task
from threadlab.strategies import Path, Setting

CHANGES = 2
"""How often the running task is put last: the d of the paper is one more."""


class Pct:
    name = "pct"
    splits, records = True, False
    exhausted = False

    def __init__(self, setting: Setting) -> None:
        self._random = Random(setting.seed)
        self._sites = setting.simulation.sites
        self._users: dict[str, Path | None] = {}  # of a name, none if there are several
        self._most = 1  # decisions in an execution so far
        self._decisions = 0

    def next(self) -> "Pct":
        self._decisions = 0
        self._changes = {self._random.randint(1, self._most) for _ in range(CHANGES)}
        self._priorities: dict[Path, float] = {}
        self._lowest = 0.0
        return self

    def done(self) -> None:
        self._most = max(self._most, self._decisions)

    def split(self, setting: Setting) -> "Pct":
        other = Pct(setting)
        other._most, other._users = self._most, dict(self._users)
        return other

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        if reason == "step" and not self._is_shared(ready[0]):
            return 0
        self._decisions += 1
        priorities = self._priorities
        if reason == "yield":
            self._put_last(ready[-1])
        elif reason == "spin":
            self._put_last(ready[0])
        if self._decisions in self._changes:
            if clock and self._random.random() * (len(ready) + 1) < 1:
                return len(ready)
            self._put_last(ready[0])
        best, index = -1e9, 0
        for number, task in enumerate(ready):
            priority = priorities.get(task.path)
            if priority is None:
                priority = priorities[task.path] = self._random.random()
            if priority > best:
                best, index = priority, number
        return index

    def _is_shared(self, task: Task) -> bool:
        """Whether at its step it accesses what another has accessed as well, or nobody knows."""
        if not task.site:
            return True
        users, shared = self._users, False
        for name in self._sites[task.site].names:
            if users.setdefault(name, task.path) != task.path:
                users[name] = None
                shared = True
        return shared

    def _put_last(self, task: Task) -> None:
        self._lowest -= 1
        self._priorities[task.path] = self._lowest
