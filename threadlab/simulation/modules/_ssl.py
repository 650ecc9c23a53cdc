"""``_ssl``: contexts and what is encrypted in memory are real, a socket is not wrapped.

OpenSSL reads and writes the descriptor of a socket by itself, and that of a simulated one leads
nowhere. What runs on `MemoryBIO`, as the TLS of asyncio does, needs no descriptor. The certificates
of the system are not read, which takes longer than an execution: none of them is of a server that
can be reached here.
"""

import _ssl
import importlib
from types import ModuleType
from typing import Any, NoReturn

from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import refusal, stand_in

REFUSED: tuple[str, ...] = ()
"""``wrap_socket`` of a context is."""

TAKEN = tuple(name for name in dir(_ssl) if name not in ("RAND_bytes", "_SSLContext"))


def make(kernel: Kernel) -> ModuleType:
    """An ``_ssl`` that touches no descriptor."""
    refuse = refusal(kernel, "ssl.SSLContext.wrap_socket", "OpenSSL reads the descriptor itself")

    class Context(_ssl._SSLContext):
        def _wrap_socket(self, *args: object, **kwargs: object) -> NoReturn:
            refuse()

        def set_default_verify_paths(self) -> None:
            return

    def rand_bytes(n: int, /) -> Any:
        return importlib.import_module("os").urandom(n)

    Context.__module__, Context.__name__, Context.__qualname__ = "_ssl", *["_SSLContext"] * 2
    return stand_in(kernel, _ssl, (), "", RAND_bytes=rand_bytes, _SSLContext=Context)
