"""``atexit``: what is registered in a simulated world is not for the end of the process.

An execution ends when its scenario does, and that is no end of a process: nothing is called then.
What was registered is forgotten; `_run_exitfuncs` calls it, as in the real one.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import STATE

TAKEN: tuple[str, ...] = ()
REFUSED: tuple[str, ...] = ()

Call = tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]


def make(kernel: Kernel) -> ModuleType:
    """An ``atexit`` for one simulated world."""
    state: dict[str, tuple[Call, ...]] = {"calls": ()}  # a tuple, since that is put back

    def register(func: Callable[..., object], /, *args: Any, **kwargs: Any) -> object:
        if not callable(func):
            raise TypeError("the first argument must be callable")
        state["calls"] += ((func, args, kwargs),)
        return func

    def unregister(func: object, /) -> None:
        state["calls"] = tuple(call for call in state["calls"] if call[0] != func)

    def run_all() -> None:
        while state["calls"]:
            *rest, (function, args, kwargs) = state["calls"]
            state["calls"] = tuple(rest)
            function(*args, **kwargs)

    def clear() -> None:
        state["calls"] = ()

    module = ModuleType("atexit", "What is forgotten.")
    vars(module).update(
        {
            "_clear": clear,
            "_ncallbacks": lambda: len(state["calls"]),
            "_run_exitfuncs": run_all,
            "register": register,
            "unregister": unregister,
            STATE: state,
        }
    )
    return module
