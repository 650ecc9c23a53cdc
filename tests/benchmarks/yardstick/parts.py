"""What a program of the yardstick consists of, so that each tool runs it in its own way.

A tool that runs a function is given one that calls `Parts.run`; a tool that starts the threads
itself is given the parts.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


def anything(state: object) -> bool:
    """What is wrong fails, or hangs, in a thread; every final state is fine."""
    return True


@dataclass(frozen=True)
class Parts:
    """``check`` says of the final state whether it is right."""

    setup: Callable[[], Any]
    workers: Sequence[Callable[[Any], None]]
    check: Callable[[Any], bool] = anything

    def run(self) -> None:
        state = self.setup()
        threads = [threading.Thread(target=worker, args=(state,)) for worker in self.workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.check(state)
