"""``_interpreters``: what runs in another interpreter runs on the real modules, so none is made.

Until 3.12 it is `_xxsubinterpreters`, which only tests know.
"""

import importlib
from types import ModuleType

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import stand_in

_interpreters = importlib.import_module("_interpreters")  # from 3.13 on

REFUSED = ("create",)
TAKEN = tuple(name for name in dir(_interpreters) if name not in REFUSED)


def make(kernel: Kernel) -> ModuleType:
    """An ``_interpreters`` that makes none."""
    why = "another interpreter has the real threads"
    return stand_in(kernel, _interpreters, REFUSED, why)
