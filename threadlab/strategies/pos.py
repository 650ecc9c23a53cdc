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

from bisect import bisect
from collections.abc import Sequence
from copy import deepcopy
from itertools import accumulate
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

FREE, FRESH, SPINS = -(10**12), -(10**9), 0
"""How far a task has come, if it is not held back: it goes on, is at its first step, cannot go on
alone. Who is held back has a weight in place of these, and all weights are less than they.
"""

STEP, NEW, LEAST = 2, 2, 1
"""Weights: of a step, of who is there for the first time, of who makes more steps than ever. Whole
numbers, as these are added up faster.
"""

FEW = 64
"""Of so many weights or fewer, each subtotal is made."""


class Pos:
    name = "pos"
    splits, records = True, False
    exhausted = False

    def __init__(self, setting: Setting) -> None:
        self._random = Random(setting.seed)
        self._sites = setting.simulation.sites
        self._kernel = setting.simulation.kernel
        self._names: dict[int, list[str]] = {}  # of a site, EVERY first
        self._counts: dict[str, dict[Path, int]] = {EVERY: {}}  # the steps of each task, by name
        self._made = 0

    def next(self) -> "Pos":
        self._made += 1
        self._name = self._chosen()
        self._gathers = self._random.random() < GATHERS
        self._weights: dict[Path, int] = {}  # by the steps left, and those of who stems from it
        for path, steps in self._counts.get(self._name, {}).items():
            for length in range(len(path) + 1):
                start = path[:length]
                self._weights[start] = self._weights.get(start, NEW) + STEP * steps
        self._known: set[Path] = {()}
        self._round: list[int] = []  # how far those that are ready have come, in their order
        self._time_passed = False
        self._parents: dict[Path, Task] = {}  # those that are held back
        self._made_at: dict[int, dict[Path, int]] = {}  # steps, by the site and who made them
        return self

    def _chosen(self) -> str:
        if self._made == 1:
            return NONE
        shared = [name for name, users in self._counts.items() if name and len(users) > 1]
        return self._random.choice(shared) if shared and self._made % EACH else EVERY

    def done(self) -> None:
        now: dict[str, dict[Path, int]] = {}
        for site, made in self._made_at.items():
            for name in self._names_of(site):
                users = now.setdefault(name, {})
                for path, steps in made.items():
                    users[path] = users.get(path, 0) + steps
        for name, users in now.items():
            self._counts.setdefault(name, {}).update(users)

    def _names_of(self, site: int) -> list[str]:
        names = self._names.get(site)
        if names is None:  # a set has no order of its own
            names = self._names[site] = [EVERY, *sorted(self._sites[site].names)]
        return names

    def split(self, setting: Setting) -> "Pos":
        other = Pos(setting)
        other._counts = deepcopy(self._counts)
        other._made = self._made
        return other

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        if reason == "step":
            task = ready[0]
            path = task.path
            is_first = path not in self._known
            if is_first:
                self._known.add(path)
            if len(self._kernel.tasks) == 1:
                return 0
            made = self._made_at.get(task.site)
            if made is None:
                made = self._made_at[task.site] = {}
            made[path] = made.get(path, 0) + 1
            if self._name == EVERY or self._name in self._sites[task.site].names:
                self._bring_up_to_date(ready, reason)
                self._hold(task, ready)
            elif is_first and self._gathers:
                self._bring_up_to_date(ready, reason)
                self._round[0] = FRESH
            else:
                return 0
        else:
            self._bring_up_to_date(ready, reason)
            if reason == "yield":
                self._round[-1] = SPINS
            elif reason == "spin":
                self._round[0] = SPINS
        index = self._pick(clock) if len(ready) > 1 or clock else 0
        if index < len(ready):
            self._round[index] = FREE
            self._parents.pop(ready[index].path, None)
        taken = index or int(reason == "spin")
        self._time_passed = clock and taken == len(ready)
        self._round = self._round[taken:] + self._round[:taken]
        return index

    def _bring_up_to_date(self, ready: Sequence[Task], reason: Reason) -> None:
        """Let it have what has happened to ``ready`` since the last choice.

        To make it anew would cost more than all else that is done at a step, with many threads.
        """
        places = self._round
        if reason == "turn" and not self._time_passed:
            del places[:1]
        came = [FREE] * (len(ready) - len(places))
        if self._time_passed:
            places[:0] = came
        else:
            places += came
        del places[len(ready) :]  # none, unless something has been done aside
        self._time_passed = False
        if reason == "yield":
            places.append(places.pop(0))

    def _hold(self, task: Task, ready: Sequence[Task]) -> None:
        """It is at a step that counts: one step less for it, and for those it stems from."""
        weights, path = self._weights, task.path
        for length in range(len(path) + 1):
            start = path[:length]
            weights[start] = max(weights.get(start, NEW + STEP) - STEP, LEAST)
            if start in self._parents:
                self._round[ready.index(self._parents[start])] = weights[start]
        self._round[0] = weights[path]
        if task.children:
            self._parents[path] = task

    def _pick(self, clock: bool) -> int:
        """One of those that have come least far; of those at a step that counts, by weight."""
        places = self._round
        total = sum(places)
        if total <= 0:  # there are better ones, or none at a step that counts
            lowest = min(places)
            indices = [index for index, place in enumerate(places) if place == lowest]
            drawn = int(self._random.random() * (len(indices) + (clock and lowest == SPINS)))
            return indices[drawn] if drawn < len(indices) else len(places)
        at = self._random.random() * (total + STEP * clock)
        if at >= total:
            return len(places)
        first, last = 0, len(places)
        while last - first > FEW:
            middle = (first + last) // 2
            before = sum(places[first:middle])
            if at < before:
                last = middle
            else:
                at -= before
                first = middle
        return first + bisect([*accumulate(places[first:last])], at)
