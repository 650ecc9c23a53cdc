"""What stands in for the modules of C that touch threads, time or the system; a file for each.

Each has `make`, which makes the module for a kernel. `TAKEN` names what is that of the real module,
`REFUSED` what is not there, or refused when it is called; all other public names are implemented.
Or `IMPLEMENTED` names these, and the rest is taken. What of it changes and would outlast an
execution is in the dict `STATE` of the module, and is put back with all the rest.
"""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.machinery import PathFinder
from pkgutil import iter_modules
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from threadlab.simulation.kernel import Kernel

STATE = "__state__"

FAKES = frozenset(
    name
    for _, name, _ in iter_modules(__path__)
    if name in sys.builtin_module_names or PathFinder.find_spec(name)
)
"""The names of the modules for which something stands in, of those that this Python has."""


class Function(staticmethod):  # type: ignore[type-arg]
    """A function that is no method of a class that has it, and is pickled by name: as one of C."""

    def __reduce__(self) -> str:
        return self.__name__


def make(name: str, kernel: "Kernel") -> ModuleType:
    """What stands in for the module ``name``, for ``kernel``."""
    fake: ModuleType = import_module(f"{__name__}.{name}").make(kernel)
    for known_as, value in list(vars(fake).items()):
        if isinstance(value, FunctionType) and value.__module__ in (f"{__name__}.{name}", name):
            value.__name__, value.__module__ = known_as, name
            vars(fake)[known_as] = Function(value)
    return fake


def stand_in(
    kernel: "Kernel", real: ModuleType, refused: Iterable[str], why: str, **implemented: object
) -> ModuleType:
    """What is as ``real``, but for what is ``implemented`` here, or ``refused`` when it is called.

    Of names that ``real`` does not have there is nothing.
    """
    module = ModuleType(real.__name__, real.__doc__)
    vars(module).update({name: value for name, value in vars(real).items() if name[:2] != "__"})
    refusals = {name: refusal(kernel, f"{real.__name__}.{name}", why) for name in refused}
    for name, value in {**refusals, **implemented}.items():
        if hasattr(real, name):
            setattr(module, name, value)
    return module


def refusal(kernel: "Kernel", name: str, why: str) -> Callable[..., NoReturn]:
    """What refuses to be called, as ``name``."""

    def refuse(*args: object, **kwargs: object) -> NoReturn:
        kernel.refuse(f"{name.removeprefix('_')} cannot be simulated: {why}")

    return refuse
