"""Every interleaving of a script, one by one, to hold what finds them by fewer executions against.

It takes each candidate at each decision, depth first, and counts how the executions differ: by the
order of what conflicts (their Mazurkiewicz traces), and by how they end.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from threadlab.errors import Failure
from threadlab.program import Program
from threadlab.simulation.kernel import Chooser, Reason, Task
from threadlab.simulation.recording.footprints import Footprint, conflict
from threadlab.simulation.simulation import Simulation
from threadlab.strategies import Setting
from threadlab.strategies.exhaustive import Exhaustive, Key

Outcome = tuple[object, ...]


class TooMany(Exception):
    """More executions than are wanted."""


@dataclass
class Seen:
    """``redundant`` is how many of the executions were given up for leading nowhere new."""

    executions: int = 0
    redundant: int = 0
    outcomes: set[Outcome] = field(default_factory=set)
    traces: dict[Hashable, set[Outcome]] = field(default_factory=dict)


def load(spec: str) -> tuple[Simulation, Callable[[], object]]:
    return reducing(Program.parse(spec).load(recording=True))


def reducing(
    loaded: tuple[Simulation, Callable[[], object]],
) -> tuple[Simulation, Callable[[], object]]:
    accesses = loaded[0].accesses
    assert accesses is not None
    accesses.detecting, accesses.reducing = False, True
    return loaded


def interleavings(
    simulation: Simulation, function: Callable[[], object], limit: int = 20_000
) -> Seen:
    """All there are, and with a recorder, their traces. Raises `TooMany` beyond ``limit``."""
    seen = Seen()
    walk = _Walk(simulation)
    while True:
        seen.executions += 1
        if seen.executions > limit:
            raise TooMany
        walk.begin()
        end = outcome(simulation, function, walk)
        walk.end()
        seen.outcomes.add(end)
        if walk.events:
            seen.traces.setdefault(trace(walk.events), set()).add(end)
        if not walk.advance():
            return seen


def search(simulation: Simulation, function: Callable[[], object], limit: int = 20_000) -> Seen:
    """What the exhaustive strategy makes of it. Raises `TooMany` beyond ``limit``."""
    seen = Seen()
    strategy = Exhaustive(Setting(simulation, 0, 0, lambda *delay: True))
    while (plan := strategy.next()) is not None:
        seen.executions += 1
        if seen.executions > limit:
            raise TooMany
        end = outcome(simulation, function, plan)
        strategy.done()
        seen.outcomes.add(end)
        if strategy.redundant:
            seen.redundant += 1
        else:
            events = [(node.chosen, node.footprint) for node in strategy.nodes]
            seen.traces.setdefault(trace(events), set()).add(end)
    return seen


def outcome(simulation: Simulation, function: Callable[[], object], chooser: Chooser) -> Outcome:
    """What the script returns, or how and where it fails."""
    try:
        return ("returned", repr(simulation.execute(function, chooser)))
    except Failure as failure:
        return (type(failure).__name__, *sorted(failure.tasks, key=str))
    except Exception as error:
        lines = []
        traceback = error.__traceback__
        while traceback is not None:
            if "__step__" in traceback.tb_frame.f_globals:
                lines.append(traceback.tb_lineno)
            traceback = traceback.tb_next
        return (type(error).__name__, str(error), *lines[-1:])


class _Walk:
    """A chooser that takes the next of the branches that are left."""

    def __init__(self, simulation: Simulation) -> None:
        self._accesses = simulation.accesses
        self._branches: list[list[int]] = []  # of each decision, how many and which
        self.begin()

    def begin(self) -> None:
        self.events: list[tuple[Key, Footprint]] = []
        self._depth = 0
        self._chosen: Key = ()

    def end(self) -> None:
        if self._accesses is None:
            return
        (footprint, _), *passed = self._accesses.take_footprints()
        if self._depth:
            self.events.append((self._chosen, footprint))
        self.events += [(None, footprint) for footprint, _ in passed]

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        self.end()
        candidates = [task.path for task in ready] + [None] * clock
        if self._depth == len(self._branches):
            self._branches.append([len(candidates), 0])
        index = self._branches[self._depth][1]
        self._depth += 1
        self._chosen = candidates[index]
        return index

    def advance(self) -> bool:
        while self._branches:
            last = self._branches[-1]
            last[1] += 1
            if last[1] < last[0]:
                return True
            self._branches.pop()
        return False


def trace(events: Sequence[tuple[Key, Footprint]]) -> Hashable:
    """What is the same for all executions in which what conflicts comes in the same order."""
    count: dict[Key, int] = {}
    touched: dict[Hashable, list[tuple[Hashable, int]]] = {}
    order = set()
    for task, footprint in events:
        count[task] = count.get(task, 0) + 1
        event = task, count[task]
        for location, how in footprint.known.items():
            for other, then in touched.setdefault(location, []):
                if other[0] != task and conflict(how, then):
                    order.add((other, event))
            touched[location].append((event, how))
    return frozenset(order)
