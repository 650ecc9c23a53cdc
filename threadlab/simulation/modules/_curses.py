"""``_curses``: the terminal is the one that the laboratory writes to, and is not taken over."""

import _curses
from types import ModuleType

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import stand_in

REFUSED = ("initscr", "setupterm")
"""All else asks for one of them to be called first."""

TAKEN = tuple(name for name in dir(_curses) if name not in REFUSED)


def make(kernel: Kernel) -> ModuleType:
    """A ``_curses`` that does not begin."""
    return stand_in(kernel, _curses, REFUSED, "it takes the terminal")
