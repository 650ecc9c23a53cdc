"""What stands in for the modules of C that touch threads, time or the system; a file for each.

Each has `make`, which makes the module for a kernel. `TAKEN` names what is that of the real module,
`REFUSED` what is not there; all other public names are implemented, and no more than the real one
has. What of it changes and would outlast an execution is in the dict `STATE` of the module, and is
put back with all the rest.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import FunctionType, ModuleType

from threadlab.simulation.kernel import Kernel

STATE = "__state__"

FAKES = frozenset(module.name for module in iter_modules(__path__))
"""The names of the modules for which something stands in."""


class Function(staticmethod):  # type: ignore[type-arg]
    """A function that is no method of a class that has it, and is pickled by name: as one of C."""

    def __reduce__(self) -> str:
        return self.__name__


def make(name: str, kernel: Kernel) -> ModuleType:
    """What stands in for the module ``name``, for ``kernel``."""
    fake: ModuleType = import_module(f"{__name__}.{name}").make(kernel)
    for known_as, value in list(vars(fake).items()):
        if isinstance(value, FunctionType) and value.__module__ in (f"{__name__}.{name}", name):
            value.__name__, value.__module__ = known_as, name
            vars(fake)[known_as] = Function(value)
    return fake
