"""``_random``: the generator of the real one. Seeded with nothing, it asks the world's ``urandom``.

So one that an execution makes is the same in each, and so are all that stand on the system's
chance itself, ``secrets``, ``SystemRandom`` and ``uuid4``. What is not drawn by lot, but left to
chance all the same: the hash of a string differs from process to process, unless PYTHONHASHSEED
is set, and that of an object is its address.
"""

import _random
from types import ModuleType
from typing import Any, Self

from threadlab.simulation.kernel import Kernel

TAKEN: tuple[str, ...] = ()
REFUSED: tuple[str, ...] = ()

BYTES = 2500
"""As many as the real one draws: all of its state."""


def make(kernel: Kernel) -> ModuleType:
    """A ``_random`` whose chance is that of ``kernel``."""

    class Random(_random.Random):
        def __new__(cls, *args: object, **kwargs: object) -> Self:
            return super().__new__(cls, 0)  # type: ignore[call-arg]  # it is seeded in C

        def __init__(self, *args: object) -> None:
            self.seed(*args)

        def seed(self, n: Any = None, /) -> None:
            import os  # that of the world

            super().seed(int.from_bytes(os.urandom(BYTES)) if n is None else n)

    Random.__module__, Random.__qualname__ = "_random", "Random"
    module = ModuleType("_random", "Chance that comes again.")
    vars(module).update(Random=Random)
    return module
