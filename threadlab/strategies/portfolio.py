"""The default: the default run first, then all the others in turn, the bounds growing.

No strategy is best for all programs, and which one is cannot be known before (Thomson et al.,
TOPC 2016); so each gets its share, and `pos` and `feedback`, which find most and not the same,
those of three. All schedules of one delay before anything random would cost more than they find.
Once the bounds are through with all that there is, the search is over, as nothing is left.
"""

from copy import copy
from random import Random

from threadlab.simulation.simulation import Plan
from threadlab.strategies import Setting, Strategy
from threadlab.strategies.bounded import Bounded
from threadlab.strategies.feedback import Feedback
from threadlab.strategies.pct import Pct
from threadlab.strategies.pos import Pos
from threadlab.strategies.random_walk import RandomWalk

UNBOUNDED = 1 << 30
"""No bound that ends it: as long as there are turns, there is another delay."""


class Portfolio:
    splits, records = True, False

    def __init__(self, setting: Setting) -> None:
        self._bounded = Bounded(setting._replace(bound=UNBOUNDED))
        pos, feedback = Pos(setting), Feedback(setting)
        random, pct = RandomWalk(setting), Pct(setting)
        self._turns: list[Strategy] = [self._bounded, pos, feedback]
        self._turns += [random, pos, feedback, pct, pos, feedback]
        self._at = 0  # the turn that is next
        self._now: Strategy = self._bounded

    @property
    def name(self) -> str:
        return self._now.name

    @property
    def exhausted(self) -> bool:
        return self._bounded.exhausted

    def next(self) -> Plan | None:
        self._now = self._turns[self._at]
        self._at = (self._at + 1) % len(self._turns)
        return self._now.next()

    def done(self) -> None:
        self._now.done()

    def split(self, setting: Setting) -> "Portfolio":
        """Each of its strategies is split; the turns go on at any of them, or all parts are alike
        at the same time."""
        setting = setting._replace(bound=UNBOUNDED)
        bounded = self._bounded.split(setting)
        split: dict[Strategy, Strategy] = {self._bounded: bounded}
        for strategy in self._turns:
            if strategy not in split:
                split[strategy] = strategy.split(setting)
        other = copy(self)
        other._turns = [split[strategy] for strategy in self._turns]
        other._bounded = other._now = bounded
        other._at = Random(setting.seed).randrange(len(self._turns))
        return other
