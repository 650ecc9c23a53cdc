"""``_posixsubprocess``, by which ``subprocess`` and ``multiprocessing`` start processes: refused.

It is there, so that a program may import what it does not use.
"""

from types import ModuleType

from threadlab.simulation.kernel import Kernel

TAKEN: tuple[str, ...] = ()
REFUSED: tuple[str, ...] = ()


def make(kernel: Kernel) -> ModuleType:
    """A ``_posixsubprocess`` that starts nothing."""

    def fork_exec(*args: object) -> None:
        kernel.refuse("a process cannot be simulated: it runs beside this one")

    module = ModuleType("_posixsubprocess", "Processes are refused.")
    vars(module)["fork_exec"] = fork_exec
    return module
