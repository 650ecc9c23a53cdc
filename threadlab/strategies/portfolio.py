"""The default: the ordinary run first, then all the others in turn, the bounds growing.

No strategy is best for all programs, and which one is cannot be known before (Thomson et al.,
TOPC 2016); so each gets its share, and `pos`, which finds most, that of three. All schedules of
one delay before anything random would cost more than they find. Once the bounds are through
with all that there is, the search is over, as nothing is left.
"""

from itertools import cycle

from threadlab.simulation.simulation import Plan
from threadlab.strategies import Setting, Strategy
from threadlab.strategies.bounded import Bounded
from threadlab.strategies.pct import Pct
from threadlab.strategies.pos import Pos
from threadlab.strategies.random_walk import RandomWalk


class Portfolio:
    splits, records = True, False

    def __init__(self, setting: Setting) -> None:
        # Without a bound that ends it: as long as there are turns, there is another delay.
        self._bounded = Bounded(setting._replace(bound=1 << 30))
        uniform = Pos(setting)
        others: list[Strategy] = [uniform, RandomWalk(setting), uniform, Pct(setting), uniform]
        self._turns = cycle([self._bounded, *others])
        self._now: Strategy = self._bounded

    @property
    def name(self) -> str:
        return self._now.name

    @property
    def exhausted(self) -> bool:
        return self._bounded.exhausted

    def next(self) -> Plan | None:
        self._now = next(self._turns)
        return self._now.next()

    def done(self) -> None:
        self._now.done()
