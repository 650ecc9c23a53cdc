"""Garbage is collected between executions, and never within one by chance.

The collector sets in when so many objects have been made in the whole process. Within an execution
a finaliser would run now at this step, now at that one, and the same schedule would go two ways. So
the collector is off while one is made, and what is garbage then is collected right after it.

A collection must not be left before it is over, as a task is left that blocks: what the collector
works on is linked to its part of the stack, which greenlet moves away. So what finalisers do while
the program calls ``gc.collect`` is no part of the execution: their steps do not count, and they
must not block. A finaliser that runs because the last reference has gone is code as any other.
"""

import gc
from collections.abc import Mapping

from threadlab.simulation.kernel import Kernel

OLDER, ALL = 64, 16_384
"""After how many executions older garbage is collected, too, and all that there is."""


class Garbage:
    """That of the executions of ``kernel``."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._executions = 0
        self._was_on = False

    def begin(self) -> None:
        """Before an execution: nothing is collected from here on."""
        self._was_on = gc.isenabled()
        gc.disable()
        gc.callbacks.append(self._collects)

    def end(self) -> None:
        """After it."""
        try:
            self._executions = count = self._executions + 1
            gc.collect(0 if count % OLDER else 1 if count % ALL else 2)
        finally:
            gc.callbacks.remove(self._collects)
            (gc.enable if self._was_on else gc.disable)()  # the program may have done either

    def _collects(self, phase: str, info: Mapping[str, int]) -> None:
        if phase == "start":
            self._kernel.suspend()
        else:
            self._kernel.resume()
