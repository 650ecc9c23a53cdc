"""Asks for what has not been seen yet: that one access comes directly after another's.

Most bugs need a few accesses in an unusual order, and an execution in which they came so looks new.
So what is new is kept and built upon, as a fuzzer keeps the inputs that reach new code. After
RFF (Wolff et al., ASPLOS 2024), whose measure this is, too: the *pairs* of places in the code of
which the second accesses a name directly after another thread did at the first; or before all
others, which is a pair with `NOBODY`.

All that an execution does follows from its *order*, a number from which each task gets a priority,
and from the pairs that it is to show. A task goes on until it cannot, and then it is the turn of
the one with the highest priority; but who comes to the second place of a pair is held back until
another has passed the first, and from there all that come to the name elsewhere are, until
the second is passed. An execution that showed a new pair is kept, and so are its order and its
pairs. From then on it is one of those to which one more pair is added, which nobody has seen: at
first those that ask for few, and each pair once before any is asked for again. For the same pairs
another order may do what this one does not, so it is often drawn anew. Once all have been asked
for, every other execution takes any pairs, and preempts at random.

Unlike RFF, this does not know which accesses are reads: names are what steps know without any
recording. What is held back and cannot be, since all wait, is let go of.
"""

from collections.abc import Sequence
from copy import deepcopy
from operator import itemgetter
from random import Random
from typing import NamedTuple

from threadlab.simulation.kernel import Reason, Task
from threadlab.strategies import Path, Setting
from threadlab.strategies.pos import GATHERS

NOBODY = 0
"""In place of a first site: no other task has accessed the name before."""

ANEW = 0.7
"""How often the order is not that of the execution which is built upon."""

NAMES, DRAWN = 8, 32
"""Of so many names, and so many pairs of each, the best is taken: there may be very many."""

VAIN = 1000
"""What speaks against a pair that was seen, or is one task's: more than all else."""

PREEMPTIONS = (0.0, 0.1, 0.5)
"""How often a task is preempted at a step, once all has been asked for."""

FREE, FRESH, HELD, SPINS = range(4)
"""How far a task has come: it goes on, is at its first step, is held back, cannot go on alone."""


class Pair(NamedTuple):
    """An access of ``name`` at the site ``second`` directly after another task's at ``first``."""

    name: str
    first: int
    second: int


class Kept(NamedTuple):
    """An execution that showed something new; ``sites`` are those that it passed, by name."""

    order: int
    pairs: tuple[Pair, ...]
    sites: dict[str, list[int]]


class Wish:
    """That an execution shows ``pair``."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.first_passed = pair.first == NOBODY
        self.over = False

    def holds(self, site: int, names: Sequence[str], is_last: bool) -> bool:
        """Whether who comes to ``site`` has to wait; ``is_last``: it has made the last access."""
        if self.over:
            return False
        if self.first_passed:
            return self.pair.name in names and (site != self.pair.second or is_last)
        return site == self.pair.second

    def passed(self, site: int) -> None:
        """An access of the name has been made at ``site``."""
        if self.first_passed:
            self.over = self.over or site == self.pair.second
        else:
            self.first_passed = site == self.pair.first


class Feedback:
    name = "feedback"
    splits, records = True, False
    exhausted = False

    def __init__(self, setting: Setting) -> None:
        self._kernel = setting.simulation.kernel
        self._sites = setting.simulation.sites
        self._random = Random(setting.seed)
        self._names: dict[int, list[str]] = {}  # of a site, in an order
        self._made = 0
        self._users: dict[str, set[Path]] = {}  # of a name
        self._passers: dict[int, set[Path]] = {}  # of a site
        self._seen: set[Pair] = set()
        self._kept: list[Kept] = []
        self._kept_by: dict[str, list[int]] = {}  # their numbers, by the names that they used
        self._asked: dict[tuple[int, Pair], int] = {}  # how often that was added to that

    def next(self) -> "Feedback":
        draw = self._random
        self._order, self._preempts = draw.getrandbits(32), 0.0
        self._pairs: tuple[Pair, ...] = ()
        names = [name for name, users in self._users.items() if len(users) > 1]
        if names:
            draw.shuffle(names)
            cost, number, pair = self._best_pair(names[:NAMES])
            if cost == 0 or (cost < VAIN and draw.random() < 0.5):
                kept = self._kept[number]
                self._asked[number, pair] = self._asked.get((number, pair), 0) + 1
                self._pairs = (*kept.pairs, pair)
                if draw.random() >= ANEW:
                    self._order = kept.order
            else:
                self._preempts = draw.choice(PREEMPTIONS)
                some = [draw.choice(names) for _ in range(draw.randrange(3))]
                self._pairs = tuple(self._any_pair(name)[1] for name in some)
        elif self._made:
            self._preempts = draw.choice(PREEMPTIONS)
        self._made += 1
        self._wishes = [Wish(pair) for pair in self._pairs]
        self._drawn = Random(self._order)
        self._gathers = self._drawn.random() < GATHERS
        self._chance = Random(self._drawn.getrandbits(32))
        self._priorities: dict[Path, float] = {}
        self._known: set[Path] = {()}
        self._fresh: set[Path] = set()  # at their first step
        self._spinning: set[Path] = set()
        self._at: dict[Path, int] = {}  # the site before which a task has stopped
        self._last: dict[str, tuple[int, Path]] = {}
        self._alone: dict[str, Path | None] = {}  # who has accessed it, if it was one
        self._passed: dict[str, dict[int, None]] = {}
        self._is_new = False
        return self

    def done(self) -> None:
        if self._is_new:
            sites = {name: list(sites) for name, sites in self._passed.items()}
            for name in sites:
                self._kept_by.setdefault(name, []).append(len(self._kept))
            self._kept.append(Kept(self._order, self._pairs, sites))

    def split(self, setting: Setting) -> "Feedback":
        other = Feedback(setting)
        other._made = self._made
        other._users, other._passers = deepcopy((self._users, self._passers))
        other._seen, other._asked = set(self._seen), dict(self._asked)
        other._kept, other._kept_by = list(self._kept), deepcopy(self._kept_by)
        return other

    def _best_pair(self, names: Sequence[str]) -> tuple[int, int, Pair]:
        """What was asked for least, to be added to which execution; and what speaks against it."""
        best = VAIN * DRAWN, 0, Pair("", NOBODY, NOBODY)
        for name in names:
            for _ in range(DRAWN):
                number, pair = self._any_pair(name)
                cost = len(self._kept[number].pairs) + self._asked.get((number, pair), 0)
                cost += VAIN * (pair in self._seen or not self._is_of_two(pair))
                best = min(best, (cost, number, pair), key=itemgetter(0))
            if best[0] == 0:
                break
        return best

    def _is_of_two(self, pair: Pair) -> bool:
        passers = self._passers
        return pair.first == NOBODY or len(passers[pair.first] | passers[pair.second]) > 1

    def _any_pair(self, name: str) -> tuple[int, Pair]:
        """Of two places at which one of the executions that used ``name`` did so."""
        choice = self._random.choice
        number = choice(self._kept_by[name])
        sites = self._kept[number].sites[name]
        return number, Pair(name, choice([NOBODY, *sites]), choice(sites))

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        preempts = self._preempts > 0 and self._chance.random() < self._preempts
        if reason == "step":
            task = ready[0]
            path = task.path
            is_first = path not in self._known
            if is_first:
                self._known.add(path)
            if len(self._kernel.tasks) == 1:
                return 0
            self._at[path] = task.site
            if is_first and self._gathers:
                self._fresh.add(path)
            elif not preempts and not self._holds(path):
                self._pass(path)
                return 0
        elif reason == "yield":
            self._spinning.add(ready[-1].path)
        elif reason == "spin":
            self._spinning.add(ready[0].path)
        index = 0
        if len(ready) > 1 or clock:
            index = self._pick(ready, clock, preempts)
        if index < len(ready):
            path = ready[index].path
            self._fresh.discard(path)
            self._spinning.discard(path)
            if self._holds(path):
                self._let_go(path)
            self._pass(path)
        return index

    def _pick(self, ready: Sequence[Task], clock: bool, preempts: bool) -> int:
        """The best that is free, or else at its first step, or else held; who spins comes last."""
        if preempts:
            return self._chance.randrange(len(ready) + clock)
        ranks = []
        for index, task in enumerate(ready):
            path = task.path
            if path not in self._priorities:  # it has had no step yet
                self._priorities[path] = self._drawn.random()
            state = self._state(path)
            ranks.append((state, -self._priorities[path], index))
        state, _, index = min(ranks)
        if clock and state >= HELD and self._chance.random() < 0.5:
            return len(ready)
        return index

    def _state(self, path: Path) -> int:
        if path in self._spinning:
            return SPINS
        if self._holds(path):
            return HELD
        return FRESH if path in self._fresh else FREE

    def _names_of(self, site: int) -> list[str]:
        names = self._names.get(site)
        if names is None:
            names = self._names[site] = sorted(self._sites[site].names)
        return names

    def _holds(self, path: Path) -> bool:
        site = self._at.get(path)
        if site is None or not self._wishes:
            return False
        names = self._names_of(site)
        return any(
            wish.holds(site, names, self._last.get(wish.pair.name, (0, None))[1] == path)
            for wish in self._wishes
        )

    def _let_go(self, path: Path) -> None:
        names = self._names_of(self._at[path])
        for wish in self._wishes:
            wish.over = wish.over or wish.pair.name in names

    def _pass(self, path: Path) -> None:
        """The task makes the access before which it has stopped, if it has."""
        site = self._at.pop(path, None)
        if site is None:
            return
        self._passers.setdefault(site, set()).add(path)
        for name in self._names_of(site):
            self._users.setdefault(name, set()).add(path)
            self._passed.setdefault(name, {})[site] = None
            before = self._last.get(name)
            self._last[name] = site, path
            if self._alone.setdefault(name, path) != path:
                self._alone[name] = None
            if self._alone[name] == path:
                self._show(Pair(name, NOBODY, site))
            elif before is not None and before[1] != path:
                self._show(Pair(name, before[0], site))
        for wish in self._wishes:
            if wish.pair.name in self._names_of(site):
                wish.passed(site)

    def _show(self, pair: Pair) -> None:
        if pair not in self._seen:
            self._seen.add(pair)
            self._is_new = True
