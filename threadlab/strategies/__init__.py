"""How to choose schedules, a file each; the interface is after that of awslabs/shuttle.

Each strategy makes one execution after another and may learn from the ones before: it says what
decides the `next` one, and is told when that is `done`. It is deterministic, given its seed.
Read `random_walk` first, which is the plainest; `portfolio` is the default.

Two files here are no strategies, since they choose what they were given: `replay` a schedule, for
whoever looks on, and `holds` what Hypothesis has drawn.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from threadlab.simulation.simulation import Plan, Simulation

Path = tuple[int, ...]
"""A task's, which names it in every execution."""

Key = Path | None
"""None is for the clock."""


class Setting(NamedTuple):
    """What a strategy is made for.

    ``mine`` says of the first delay of a schedule, ``(step, turn, skip)``, whether schedules
    that begin with it are in this part of the search. ``lanes`` is how many strategies there are
    beside one another, which share what memory there is.
    """

    simulation: Simulation
    seed: int
    bound: int
    mine: Callable[[int, int, int], bool]
    lanes: int = 1


class Strategy(Protocol):
    """``name`` is that of what decides at present; ``exhausted``: `next` has nothing left.

    ``splits``: it can be made for a shard, and be split. ``records``: it needs what an execution
    accesses.
    """

    splits: bool
    records: bool

    def __init__(self, setting: Setting) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def exhausted(self) -> bool: ...

    def next(self) -> Plan | None:
        """What decides the next execution; none if there is none left to make."""

    def done(self) -> None:
        """That execution has ended; its statistics can still be read from the kernel."""

    def split(self, setting: Setting) -> "Strategy":
        """One that goes on from here: it knows what this one has learned, and shares none of it.

        Its random choices are by the seed of ``setting``; of what this one would still enumerate,
        it leaves out what is not ``mine`` there. This one makes no more executions then.
        """
