"""``_xxsubinterpreters``: what `_interpreters` was until 3.12, and refused for the same reason."""

import importlib
from types import ModuleType

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import stand_in

_xxsubinterpreters = importlib.import_module("_xxsubinterpreters")

REFUSED = ("create",)
TAKEN = tuple(name for name in dir(_xxsubinterpreters) if name not in REFUSED)


def make(kernel: Kernel) -> ModuleType:
    """An ``_xxsubinterpreters`` that makes none."""
    why = "another interpreter has the real threads"
    return stand_in(kernel, _xxsubinterpreters, REFUSED, why)
