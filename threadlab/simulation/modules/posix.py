"""``posix`` without what would leave the process, on which ``os`` stands."""

import posix
from types import ModuleType

from threadlab.simulation.kernel import Kernel

LEAVING = ("abort", "exec", "_exit", "fork", "kill", "popen", "posix_spawn", "spawn", "system")
"""How those functions begin that start, replace or end processes."""


def make(kernel: Kernel) -> ModuleType:
    """A ``posix`` for one simulated world."""
    module = ModuleType("posix")
    vars(module).update(vars(posix))
    vars(module)["environ"] = dict(posix.environ)
    vars(module)["register_at_fork"] = lambda **when: None

    def refusal(name: str) -> object:
        return lambda *args, **kwargs: kernel.refuse(
            f"os.{name} cannot be simulated: it leaves the process"
        )

    for name in dir(posix):
        if name.startswith(LEAVING):
            setattr(module, name, refusal(name))
    return module
