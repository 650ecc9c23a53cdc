"""``_ssl`` without what leads to the operating system's sockets.

To encrypt in memory is to compute, and is what asyncio does. But a socket that it encrypts itself
has to be one of the system's, so that is refused when it is called. The certificates of the system
are not read, which takes longer than an execution: no server that they could tell of is reached.
"""

import _ssl
from types import ModuleType
from typing import Any

from threadlab.simulation.kernel import Kernel

IMPLEMENTED = ("_SSLContext",)
REFUSED: tuple[str, ...] = ()


def make(kernel: Kernel) -> ModuleType:
    """An ``_ssl`` that encrypts in memory alone."""

    class Context(_ssl._SSLContext):
        def _wrap_socket(self, *args: Any, **kwargs: Any) -> Any:
            kernel.refuse(
                "ssl.SSLContext.wrap_socket cannot be simulated: "
                "it needs a socket of the operating system"
            )

        def set_default_verify_paths(self) -> None:
            return

    Context.__name__ = Context.__qualname__ = "_SSLContext"
    Context.__module__ = "_ssl"
    module = ModuleType("_ssl", _ssl.__doc__)
    vars(module).update({name: value for name, value in vars(_ssl).items() if name[:2] != "__"})
    vars(module)["_SSLContext"] = Context
    return module
