"""Objects of the standard library and of this package, and whether some order explains their calls.

``python -m tests.lab.standard_objects`` tries each at length. What it found is written here: of
those that are not linearizable, the smallest calls that show it.
"""

import collections
import functools
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future

from hypothesis import settings
from hypothesis import strategies as st

import threadprims
from threadlab import Calls, Operations, operation
from threadlab.oracle.check import find, summary

ITEMS = st.integers(0, 2)
IN_QUEUE: Sequence[str] = ("queue",)
IN_THREADING: Sequence[str] = ("threading",)


def bounded() -> queue.Queue[int]:
    return queue.Queue(1)


def barrier() -> threading.Barrier:
    return threading.Barrier(2)


OF_QUEUE = {"put": [ITEMS], "get": [], "get_nowait": [], "qsize": [], "empty": []}

Queue = Operations.of(queue.Queue, OF_QUEUE, include=IN_QUEUE)
BoundedQueue = Operations.of(
    bounded, {"put": [ITEMS], "put_nowait": [ITEMS], "get": [], "full": []}, include=IN_QUEUE
)
JoinedQueue = Operations.of(
    queue.Queue, {"put": [ITEMS], "get": [], "task_done": [], "join": []}, include=IN_QUEUE
)
LifoQueue = Operations.of(queue.LifoQueue, OF_QUEUE, include=IN_QUEUE)
PriorityQueue = Operations.of(queue.PriorityQueue, OF_QUEUE, include=IN_QUEUE)
SimpleQueue = Operations.of(queue.SimpleQueue, OF_QUEUE, include=IN_QUEUE)
Deque = Operations.of(
    collections.deque,
    {"append": [ITEMS], "appendleft": [ITEMS], "pop": [], "popleft": [], "__len__": []},
)
Semaphore = Operations.of(
    threading.Semaphore, {"acquire": [st.booleans()], "release": []}, include=IN_THREADING
)
Event = Operations.of(
    threading.Event,
    {"set": [], "clear": [], "wait": [st.just(1)], "is_set": []},
    include=IN_THREADING,
)
Barrier = Operations.of(barrier, {"wait": [], "abort": []}, include=IN_THREADING)


class OfFuture(Operations):
    include = ("concurrent.futures",)

    def __init__(self) -> None:
        self._future: Future[int] = Future()

    @operation(value=ITEMS)
    def set_result(self, value: int) -> None:
        self._future.set_result(value)

    @operation()
    def cancel(self) -> bool:
        return self._future.cancel()

    @operation()
    def set_running_or_notify_cancel(self) -> bool:
        return self._future.set_running_or_notify_cancel()

    @operation()
    def done(self) -> bool:
        return self._future.done()

    @operation()
    def result(self) -> int:
        return self._future.result()


class Computed:
    def __init__(self) -> None:
        self.times = 0

    @functools.cached_property
    def value(self) -> int:
        self.times += 1
        return self.times


class CachedProperty(Operations):
    def __init__(self) -> None:
        self._computed = Computed()

    @operation()
    def value(self) -> int:
        return self._computed.value


class LruCache(Operations):
    def __init__(self) -> None:
        @functools.lru_cache(maxsize=2)
        def double(number: int) -> int:
            return 2 * number

        self._double = double

    @operation(number=ITEMS)
    def double(self, number: int) -> int:
        return self._double(number)

    @operation()
    def cache_info(self) -> object:
        return self._double.cache_info()


class Timer(Operations):
    """All but its ticks, which are of time: no order of calls says how many fall between two."""

    include = ("threadprims",)

    def __init__(self) -> None:
        self._timer = threadprims.PeriodicTimer(1000)

    @operation()
    def start(self) -> None:
        self._timer.start()

    @operation()
    def stop(self) -> None:
        self._timer.stop()

    @operation()
    def tick(self) -> int:
        return self._timer.wait_for_tick(0)


class Countdown(Operations):
    """One value: of several, some may be left when it is terminated, which no order explains."""

    include = ("threadprims",)

    def __init__(self) -> None:
        self._task = threadprims.CountdownTask(interval=0.1, emit=lambda value: None)

    @operation(count=st.integers(0, 1))
    def run(self, count: int) -> int:
        return self._task.run(count)

    @operation()
    def terminate(self) -> None:
        self._task.terminate()


class LongCountdown(Countdown):
    @operation(count=st.just(2))
    def run(self, count: int) -> int:
        return self._task.run(count)


LINEARIZABLE = {
    "Queue": Queue,
    "BoundedQueue": BoundedQueue,
    "JoinedQueue": JoinedQueue,
    "LifoQueue": LifoQueue,
    "PriorityQueue": PriorityQueue,
    "deque": Deque,
    "Semaphore": Semaphore,
    "Event": Event,
    "Future": OfFuture,
    "PeriodicTimer": Timer,
    "CountdownTask": Countdown,
}

NOT_LINEARIZABLE = {
    # An item is there before it can be had.
    "SimpleQueue": (SimpleQueue, Calls("put(0)", ["get_nowait(); qsize()", "get()"])),
    # They wait for each other, and one after another nobody comes.
    "Barrier": (Barrier, Calls("", ["wait()", "wait()"])),
    # Since Python 3.12 it has no lock: two may compute it, and each gets its own.
    "cached_property": (CachedProperty, Calls("", ["value()", "value()"])),
    # The miss is counted before the call, and the entry after it.
    "lru_cache": (LruCache, Calls("", ["double(0)", "cache_info()"])),
    # Terminated when one value of two has been emitted, which is no matter of before and after.
    "CountdownTask": (LongCountdown, Calls("", ["run(2)", "terminate()"])),
}


def main() -> None:
    print("linearizable, as far as was found:")
    for name, operations in LINEARIZABLE.items():
        found = find(operations, settings=settings(max_examples=1000, database=None), seed=0)
        print(f"  {name}: {found.calls or summary(found, 0, 'simulated')}")


if __name__ == "__main__":
    main()
