"""What a step depends on, for partial-order reduction: what was touched since the last decision.

Here anything counts that could matter, so containers as a whole and time do, too: for a dependence
that is missed an execution is never tried; for one too many, an execution is made for nothing.
"""

from collections.abc import Hashable

from threadlab.simulation.kernel import Task
from threadlab.simulation.recording.identity import Known

READ, WRITE, READ_PART, WRITE_PART = 1, 2, 4, 8
"""How something is touched. A part is an item of a container."""

TIME, THREADS, NAMES, CALLS, STATE = "time", "threads", "names", "calls", "state"
INTERRUPTS = "interrupts"
"""What is touched beside objects: the clock, how many threads there are, how many were named,
which calls of a history had ended, and, by who looks at everything, everything. And what the main
thread is to do at its next step, for which it looks at each."""


def conflict(one: int, other: int) -> bool:
    """Whether two ways to touch the same thing do not commute."""
    return bool(
        one & WRITE
        or other & WRITE
        or (one & READ and other & WRITE_PART)
        or (one & WRITE_PART and other & READ)
    )


class Footprint:
    """What was touched, by label; for new objects by type; and all of it by type.

    ``cancels``: somebody need not wait any longer for time to pass, which then may never do so.
    """

    __slots__ = ("cancels", "known", "new", "types")

    def __init__(self) -> None:
        self.cancels = False
        self.known: dict[Hashable, int] = {}
        self.new: dict[Hashable, int] = {}
        self.types: dict[Hashable, int] = {}

    def conflicts(self, other: "Footprint") -> bool:
        """Whether these two of different executions may not commute."""
        return (
            _meet(self.known, other.known)
            or _meet(self.new, other.types)
            or _meet(self.types, other.new)
        )


Transition = tuple[Footprint, list[Task]]
"""What one task does from one decision to the next, and which tasks it lets run."""


def _meet(one: dict[Hashable, int], other: dict[Hashable, int]) -> bool:
    if len(one) > len(other):
        one, other = other, one
    return any(key in other and conflict(how, other[key]) for key, how in one.items())


class Footprints:
    """Those of one execution; ``transition`` is the number of the present one."""

    def __init__(self) -> None:
        self.transition = 0
        self._present = Footprint()
        self._roused: list[Task] = []
        self._closed: list[Transition] = []

    def close(self) -> None:
        """Here ends a transition."""
        self._closed.append((self._present, self._roused))
        self._present, self._roused = Footprint(), []
        self.transition += 1

    def take(self) -> list[Transition]:
        """Those since the last call.

        First what was chosen at the last decision, and then each time that nobody could run, the
        clock.
        """
        self.close()
        result, self._closed = self._closed, []
        return result

    def rouse(self, task: Task) -> None:
        """It can run now, and could not before."""
        self._roused.append(task)

    def cancel(self) -> None:
        """Somebody need not wait for time to pass."""
        self.touch_world(TIME, READ)
        self._present.cancels = True

    def touch_world(self, name: str, how: int) -> None:
        known = self._present.known
        known[name] = known.get(name, 0) | how

    def touch(self, at: Known, name: Hashable, how: int, owner: object) -> None:
        """A variable of ``owner``, or an item, or, if ``name`` is empty, that as a whole."""
        footprint = self._present
        cls = type(owner)
        kind = (cls.__module__, cls.__qualname__, name)  # a class may be made in each execution
        footprint.types[kind] = footprint.types.get(kind, 0) | how
        if at.birth == self.transition:
            footprint.new[kind] = footprint.new.get(kind, 0) | how
        key = (at.label, name)
        footprint.known[key] = footprint.known.get(key, 0) | how
