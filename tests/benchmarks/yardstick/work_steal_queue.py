"""A queue of which the owner has one end and thieves the other, who alone take a lock.

The owner takes the lock only if the two ends may meet. Before it puts something in, it looks
whether there is a place left; but a thief first says that it has taken what is there, and takes
it then, so that one place has to stay free, and that is forgotten.
"""

import threading

from tests.benchmarks.yardstick.parts import Parts

SIZE = 2
ITEMS = 4
STEALS = 2


class Queue:
    """Of a size that is a power of two, so that ``mask`` is that of its remainders."""

    def __init__(self) -> None:
        self.whole = threading.Lock()
        self.lock = threading.Lock()
        self.head = 0
        self.tail = 0
        self.mask = SIZE - 1
        self.elems = [0] * SIZE
        self.done = [0] * ITEMS


def steal(state: Queue) -> int | None:
    with state.lock:
        head = state.head
        state.head = head + 1
        if head < state.tail:
            return state.elems[head & state.mask]
        state.head = head
        return None


def pop(state: Queue) -> int | None:
    tail = state.tail - 1
    state.tail = tail
    if state.head <= tail:
        return state.elems[tail & state.mask]
    state.tail = tail + 1
    return sync_pop(state)


def sync_pop(state: Queue) -> int | None:
    with state.lock:
        tail = state.tail - 1
        state.tail = tail
        if state.head <= tail:
            return state.elems[tail & state.mask]
        state.head = 0
        state.tail = 0
        return None


def push(state: Queue, item: int) -> None:
    tail = state.tail
    if tail < state.head + state.mask + 1:
        state.elems[tail & state.mask] = item
        state.tail = tail + 1
    else:
        sync_push(state, item)


def sync_push(state: Queue, item: int) -> None:
    with state.lock:
        count = state.tail - state.head
        head = state.head & state.mask
        state.head = head
        state.tail = head + count
        if count >= state.mask:
            elems = [state.elems[(head + i) & state.mask] for i in range(count)]
            size = 2 * (state.mask + 1)
            state.elems = elems + [0] * (size - count)
            state.mask = size - 1
            state.head = 0
            state.tail = count
        tail = state.tail
        state.elems[tail & state.mask] = item
        state.tail = tail + 1


def do(state: Queue, item: int | None) -> None:
    if item is not None:
        state.done[item] += 1


def thief(state: Queue) -> None:
    for _ in range(STEALS):
        do(state, steal(state))


def owner(state: Queue) -> None:
    for i in range(0, ITEMS, 2):
        push(state, i)
        push(state, i + 1)
        do(state, pop(state))
    for _ in range(ITEMS // 2):
        do(state, pop(state))


def owner_of_all(state: Queue) -> None:
    for i in range(ITEMS):
        push(state, i)
    for _ in range(ITEMS):
        do(state, pop(state))


def thief_at_once(state: Queue) -> None:
    for _ in range(STEALS):
        with state.whole:
            do(state, steal(state))


def owner_at_once(state: Queue) -> None:
    for i in range(0, ITEMS, 2):
        for item in i, i + 1:
            with state.whole:
                push(state, item)
        with state.whole:
            do(state, pop(state))
    for _ in range(ITEMS // 2):
        with state.whole:
            do(state, pop(state))


def owner_of_all_at_once(state: Queue) -> None:
    for i in range(ITEMS):
        with state.whole:
            push(state, i)
    for _ in range(ITEMS):
        with state.whole:
            do(state, pop(state))


def is_each_done_once(state: Queue) -> bool:
    return state.done == [1] * ITEMS


BAD = Parts(Queue, [thief, owner], is_each_done_once)
SOUND = Parts(Queue, [thief_at_once, owner_at_once], is_each_done_once)
STATE_BAD = Parts(Queue, [thief, thief, owner_of_all], is_each_done_once)
STATE_SOUND = Parts(Queue, [thief_at_once, thief_at_once, owner_of_all_at_once], is_each_done_once)


def scenario() -> None:
    BAD.run()


def state_work_steal_queue() -> None:
    STATE_BAD.run()


def sound() -> None:
    SOUND.run()


def state_work_steal_queue_sound() -> None:
    STATE_SOUND.run()
