"""A sort hands halves to the idle threads of a pool, and says so before it says which half.

A thread of the pool that has not begun to wait sees that it has work and finds none, or that of
the last time; then it says that it is idle, and the half is lost, or the pool ends too early.
"""

import threading
from collections.abc import Callable
from functools import partial

from tests.benchmarks.yardstick.parts import Parts

ELEMENTS = [(i * 13 + 5) % 32 for i in range(32)]
FORK_ELEMENTS = 4
THREADS = 2


class Slot:
    """What a thread of the pool is to do: to be idle, to work from ``begin`` to ``end``, to end."""

    def __init__(self) -> None:
        self.state = "idle"
        self.lock = threading.Lock()
        self.changed = threading.Condition(self.lock)
        self.begin = 0
        self.end = 0


class Sort:
    def __init__(self) -> None:
        self.a = list(ELEMENTS)
        self.pool = [Slot() for _ in range(THREADS)]
        self.allocation = threading.Lock()
        self.idle_threads = THREADS


def partition(state: Sort, begin: int, end: int) -> tuple[int, int]:
    """Where the elements below the one in the middle end, and where those above it begin."""
    part = state.a[begin:end]
    pivot = part[len(part) // 2]
    low = [x for x in part if x < pivot]
    high = [x for x in part if x > pivot]
    state.a[begin:end] = [*low, pivot, *high]
    return begin + len(low), end - len(high)


def sort(state: Sort, farm_out: Callable[[Sort, int, int], bool], begin: int, end: int) -> None:
    while end - begin >= 7:
        low_end, high_begin = partition(state, begin, end)
        large = low_end - begin > FORK_ELEMENTS and end - high_begin > FORK_ELEMENTS
        if not (large and farm_out(state, begin, low_end)):
            sort(state, farm_out, begin, low_end)
        begin = high_begin
    state.a[begin:end] = sorted(state.a[begin:end])


def farm_out(state: Sort, begin: int, end: int) -> bool:
    """False if no thread is idle."""
    with state.allocation:
        for slot in state.pool:
            if slot.state == "idle":
                state.idle_threads -= 1
                slot.state = "work"
                slot.lock.acquire()
                break
        else:
            return False
    slot.begin = begin
    slot.end = end
    slot.changed.notify()
    slot.lock.release()
    return True


def serve(number: int, state: Sort) -> None:
    slot = state.pool[number]
    while True:
        with slot.lock:
            while slot.state == "idle":
                slot.changed.wait()
        if slot.state == "end":
            return
        sort(state, farm_out, slot.begin, slot.end)
        with state.allocation:
            slot.state = "idle"
            state.idle_threads += 1
            if state.idle_threads == THREADS:
                end_others(state, slot)
                return


def end_others(state: Sort, slot: Slot) -> None:
    for other in state.pool:
        if other is not slot:
            with other.lock:
                other.state = "end"
                other.changed.notify()


def hand_out(state: Sort) -> None:
    slot = state.pool[0]
    with slot.lock:
        slot.begin = 0
        slot.end = len(ELEMENTS)
        slot.state = "work"
        state.idle_threads -= 1
        slot.changed.notify()


def farm_out_at_once(state: Sort, begin: int, end: int) -> bool:
    with state.allocation:
        for slot in state.pool:
            with slot.lock:
                if slot.state == "idle":
                    state.idle_threads -= 1
                    slot.begin = begin
                    slot.end = end
                    slot.state = "work"
                    slot.changed.notify()
                    return True
    return False


def serve_at_once(number: int, state: Sort) -> None:
    slot = state.pool[number]
    while True:
        with slot.lock:
            while slot.state == "idle":
                slot.changed.wait()
            if slot.state == "end":
                return
            begin, end = slot.begin, slot.end
        sort(state, farm_out_at_once, begin, end)
        with state.allocation:
            with slot.lock:
                slot.state = "idle"
            state.idle_threads += 1
            if state.idle_threads == THREADS:
                end_others(state, slot)
                return


def hand_out_at_once(state: Sort) -> None:
    farm_out_at_once(state, 0, len(ELEMENTS))


def is_sorted(state: Sort) -> bool:
    return state.a == sorted(ELEMENTS)


BAD = Parts(Sort, [*[partial(serve, i) for i in range(THREADS)], hand_out], is_sorted)
SOUND = Parts(
    Sort, [*[partial(serve_at_once, i) for i in range(THREADS)], hand_out_at_once], is_sorted
)


def scenario() -> None:
    BAD.run()


def sound() -> None:
    SOUND.run()
