"""``_tkinter``: its loop waits in C for what a user does, so that none begins."""

import _tkinter
from types import ModuleType

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import stand_in

REFUSED = ("create",)
TAKEN = tuple(name for name in dir(_tkinter) if name not in REFUSED)


def make(kernel: Kernel) -> ModuleType:
    """A ``_tkinter`` that opens no window."""
    return stand_in(kernel, _tkinter, REFUSED, "it waits for a user")
