"""The default: the ordinary run, then small bounds, then the random strategies in turn.

No strategy is best for all programs, and which one is cannot be known before (Thomson et al.,
TOPC 2016); so each of them gets its share. What few delays show is shown by few delays.
"""

from itertools import cycle

from tests.harness.simulation.kernel import Chooser
from tests.harness.simulation.schedule import Schedule
from tests.harness.strategies import Setting, Strategy
from tests.harness.strategies.bounded import Bounded
from tests.harness.strategies.pct import Pct
from tests.harness.strategies.pos import UniformWalk
from tests.harness.strategies.random_walk import RandomWalk

SYSTEMATIC = 100
"""Executions under small bounds before the random ones get their turns as well."""


class Portfolio:
    def __init__(self, setting: Setting) -> None:
        # Without a bound that ends it: as long as there are turns, there is another delay.
        self._bounded = Bounded(setting._replace(bound=1 << 30))
        others: list[Strategy] = [Pct(setting), UniformWalk(setting), RandomWalk(setting)]
        self._turns = cycle([*others, self._bounded])
        self._now: Strategy = self._bounded
        self._made = 0

    @property
    def name(self) -> str:
        return self._now.name

    @property
    def exhausted(self) -> bool:
        return self._bounded.exhausted

    def next(self) -> Chooser | Schedule | None:
        self._made += 1
        self._now = self._bounded if self._made <= SYSTEMATIC else next(self._turns)
        return self._now.next()

    def done(self) -> None:
        self._now.done()
