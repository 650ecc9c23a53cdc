"""The laws of ``tests/contract.md`` as properties: a file a primitive, a test named by its law.

Each is written against `threadlab.World`. What the primitives share is here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from threadlab import World

NAMES = (
    "countdown",
    "CountdownTask",
    "IOTask",
    "start",
    "running",
    "PeriodicTimer",
    "TimerStopped",
)
"""What a subject may offer."""

TOGETHER = ("PeriodicTimer", "TimerStopped")
"""What none of the laws of either can do without."""

WORLDS = ("real", "simulated")


def in_threads(world: World, *functions: Callable[[], object], name: str | None = None) -> None:
    """Run each of ``functions`` in a thread of its own, and wait for them all.

    They set off together, so that one delay is enough for the second to overtake the first.
    """
    off = world.threading.Event()

    def body(function: Callable[[], object]) -> None:
        off.wait()
        function()

    threads = [
        world.threading.Thread(target=body, args=(function,), name=name) for function in functions
    ]
    for thread in threads:
        thread.start()
    off.set()
    for thread in threads:
        thread.join()


@contextmanager
def no_thread_to_be_had(world: World) -> Iterator[None]:
    """Within the block, no thread starts, as on a system that has no more of them."""

    def refuse(self: object) -> None:
        raise RuntimeError("can't start new thread")

    start, world.threading.Thread.start = world.threading.Thread.start, refuse
    try:
        yield
    finally:
        world.threading.Thread.start = start
