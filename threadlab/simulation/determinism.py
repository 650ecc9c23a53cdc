"""Is the same schedule the same execution, each time? If not, nothing that is found can be shown.

Where it is not, the program depends on what is not simulated (a file, the address of an object), or
on what an execution before has left behind. That is found out by executing the default run again,
and is said in the same words by whoever searches. Then it is executed twice more, to find the first
line or value in which these two differ.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from types import FrameType
from typing import NamedTuple

from threadlab.simulation.frames import is_own
from threadlab.simulation.kernel import Chooser, Kernel, Reason, Task

MOST = 20_000
"""Steps at which it is looked where two executions part."""

_SHOWN = {bool, bytes, complex, float, int, str, type(None)}

Switch = tuple[int, int]
"""At that step, the task of that ident went on."""


@contextmanager
def logged(kernel: Kernel) -> Iterator[list[Switch]]:
    """Within the block, the switches of the executions of ``kernel``."""
    log: list[Switch] = []
    kernel.log = log
    try:
        yield log
    finally:
        kernel.log = None


class _Look(NamedTuple):
    """Where a task was at a step, and what its variables held there that can be shown."""

    task: int
    place: str
    values: dict[str, str]


class _Looker:
    """Chooses what the default schedule takes, and looks at each step."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.looks: list[_Look] = []

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and not is_own(frame):
            frame = frame.f_back
        if reason in ("step", "spin") and len(self.looks) < MOST:
            place, values = "", {}
            if frame is not None:
                place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
                values = {n: repr(v) for n, v in frame.f_locals.items() if type(v) in _SHOWN}
            self.looks.append(_Look(self._kernel.current.ident, place, values))
        return int(reason == "spin")


def difference(kernel: Kernel, execute: Callable[[Chooser], object]) -> str:
    """Where two more executions of the default run part, in words; empty if they do not.

    ``execute`` makes one of them, and does not raise.
    """
    one, other = _Looker(kernel), _Looker(kernel)
    execute(one)
    execute(other)
    value = ""  # the first that differs, which need not be why
    for step, (before, after) in enumerate(zip(one.looks, other.looks, strict=False), 1):
        if before[:2] != after[:2]:
            return f", at step {step} in {before.place} and then in {after.place}{value}"
        for name in before.values if not value else ():
            was, then = before.values[name], after.values.get(name, before.values[name])
            if was != then:
                value = f", at step {step}: in {before.place} {name} is {was} and then {then}"
    return value


def two_ways(one: Sequence[Switch] = (), other: Sequence[Switch] = (), difference: str = "") -> str:
    """What to say of two executions under the same schedule that were not the same."""
    apart = next((a or b for a, b in zip_longest(one, other) if a != b), None)
    where = difference or (f", from step {apart[0]} on" if apart else "")
    return (
        f"the same schedule went two ways{where}; it depends on something that is not simulated, "
        "or on what an execution before has left behind"
    )
