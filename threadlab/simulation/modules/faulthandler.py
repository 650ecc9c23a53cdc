"""``faulthandler``: that of the process is its own, and is not set or called from within.

It has threads and signal handlers of C, and shows what runs for real, the laboratory. So whether it
is enabled is only noted down.
"""

import faulthandler
from types import ModuleType

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import STATE, stand_in

TAKEN: tuple[str, ...] = ()
REFUSED = ("dump_c_stack", "dump_traceback", "dump_traceback_later", "register", "unregister")
CRASHES = tuple(name for name in dir(faulthandler) if name[0] == "_" != name[1])
"""They end the process, to try what happens then."""


def make(kernel: Kernel) -> ModuleType:
    """A ``faulthandler`` that does nothing."""
    state = {"enabled": False}

    def enable(*args: object, **kwargs: object) -> None:
        state["enabled"] = True

    def disable() -> bool:
        was, state["enabled"] = state["enabled"], False
        return was

    def cancel_dump_traceback_later() -> None:
        pass

    module = stand_in(
        kernel,
        faulthandler,
        (*REFUSED, *CRASHES),
        "it is about the process itself",
        cancel_dump_traceback_later=cancel_dump_traceback_later,
        disable=disable,
        enable=enable,
        is_enabled=lambda: state["enabled"],
    )
    vars(module)[STATE] = state
    return module
