"""The laws of ``tests/contract.md`` as properties: a file a primitive, a test named by its law.

Each is written against `tests.harness.worlds.World`. What the primitives share is here.
"""

from collections.abc import Callable

from tests.harness.worlds import World

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


def in_threads(world: World, *functions: Callable[[], object]) -> None:
    """Run each of ``functions`` in a thread of its own, and wait for them all."""
    threads = [world.threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
