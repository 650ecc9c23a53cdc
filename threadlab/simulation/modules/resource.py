"""``resource``: limits can be read, not set, since they are the process's. Nothing is used up."""

import resource
from types import ModuleType

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import stand_in

REFUSED = ("prlimit", "setrlimit")
TAKEN = tuple(name for name in dir(resource) if name not in ("getrusage", *REFUSED))


def make(kernel: Kernel) -> ModuleType:
    """A ``resource`` that changes no limit."""

    def getrusage(who: int, /) -> resource.struct_rusage:
        return resource.struct_rusage([0] * len(resource.getrusage(who)))

    why = "it changes the limits of the process"
    return stand_in(kernel, resource, REFUSED, why, getrusage=getrusage)
