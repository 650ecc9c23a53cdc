"""Holds threads up: at these steps, whoever runs, until no other thread can go on.

What Hypothesis draws for a test, beside delays. A delay lets another thread run, but the delayed
one is in the round again at the next turn; so it takes two that fit together to hold a thread up
for as long as another takes, which is what most races need, and in one run of six Hypothesis did
not come upon those of a plain lost update. One hold does it. It is a change of priority, as in
`pct`, except that it ends.

A hold is no part of a token: what an execution under holds did is a schedule of delays.
"""

from collections.abc import Sequence

from threadlab.simulation.kernel import Kernel, Reason, Task
from threadlab.strategies import Path


class Holds(tuple[int, ...]):
    """The steps at which the running thread is held back, in their order."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"hold({', '.join(map(str, self))})"  # an expression, or Hypothesis shows another


class Holding:
    """Follows `Holds`. Time passes only when all are blocked."""

    def __init__(self, kernel: Kernel, holds: Holds) -> None:
        self._kernel = kernel
        self._holds = frozenset(holds)
        self._held: list[Path] = []

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        held = self._held
        order = range(len(ready))
        if reason == "step":
            if self._kernel.steps not in self._holds and not held:
                return 0
            if self._kernel.steps in self._holds:
                held.append(ready[0].path)
        elif reason == "spin":
            if len(ready) == 1:
                return int(clock)
            order = range(1, len(ready))
        if reason in ("spin", "yield") and held:
            del held[0]  # who waits without blocking may wait for just that one
        for index in order:
            if ready[index].path not in held:
                return index
        index = min(order, key=lambda index: held.index(ready[index].path))
        held.remove(ready[index].path)
        return index
