"""Is the same schedule the same execution, each time? If not, nothing that is found can be shown.

Where it is not, the program depends on what is not simulated (a file, the address of an object), or
on what an execution before has left behind. That is found out by executing the ordinary run again,
and is said in the same words by whoever searches.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest

from threadlab.simulation.kernel import Kernel

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


def two_ways(one: Sequence[Switch] = (), other: Sequence[Switch] = ()) -> str:
    """What to say of two executions under the same schedule that were not the same."""
    apart = next((a or b for a, b in zip_longest(one, other) if a != b), None)
    where = f", from step {apart[0]} on" if apart else ""
    return (
        f"the same schedule went two ways{where}; it depends on something that is not simulated, "
        "or on what an execution before has left behind"
    )
