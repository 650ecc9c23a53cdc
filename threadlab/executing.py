"""Which simulated world this thread is executing, for code that is in both worlds.

It stands apart from `threadlab.simulation`, which needs greenlet: whoever asks may be on real
threads, where there is none.
"""

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threadlab.simulation.kernel import Kernel

Hook = Callable[[str, Any], object]


class _Executing(threading.local):
    """``kernel`` makes the execution, if there is one; ``hooks`` are told of audit events in it."""

    kernel: "Kernel | None" = None
    hooks: Sequence[Hook] = ()


executing = _Executing()
