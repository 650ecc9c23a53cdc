"""What CPython's ``threading``, ``queue`` and futures do that no fake and no step can tell of.

They do nearly everything under locks, which are fakes, so that it is seen. The rest stands here,
with the private names that it takes: whoever brings a new version of Python looks here first.
"""

import operator
from collections.abc import Callable
from functools import partial, wraps
from types import ModuleType
from typing import Any

from threadlab.simulation.recording.accesses import Accesses

UP_TO_3_12 = "_maintain_shutdown_locks"
"""By this each start looks for the threads that have ended, for the interpreter's shutdown, which
would put one after another. From 3.13 on there is nothing of the kind."""

LOCK_OF_BARRIER = operator.attrgetter("_cond._lock")
NUMBER = "__number__"
"""The attribute of what is numbered; of a name that no subclass has."""

LOCK_OF_SIMPLE_QUEUE = operator.attrgetter("_count._cond._lock")
"""Under which is changed what is read without it."""


def tell(accesses: Accesses, threading: Any) -> None:
    """Let ``accesses`` know what ``threading`` does without a lock."""
    for value in vars(threading).values():
        if hasattr(value, "silence") and not isinstance(value, type):
            value.silence()  # nobody blocks while one of these is held
    if hasattr(threading, UP_TO_3_12):
        setattr(threading, UP_TO_3_12, lambda: None)
    for owner, name, before, after in (
        (threading.Event, "__init__", accesses.create, None),
        (threading.Thread, "__init__", accesses.create, None),
        (threading.Event, "set", None, accesses.release),
        (threading.Event, "clear", None, accesses.release),
        (threading.Event, "is_set", None, accesses.look),
        (threading.Thread, "is_alive", None, accesses.look),
        (threading.Thread, "join", None, accesses.look),
        (threading, "_newname", lambda *template: accesses.named(), None),
        (threading, "active_count", accesses.counted, None),
        (threading, "enumerate", accesses.counted, None),
    ):
        setattr(owner, name, _surrounded(getattr(owner, name), before, after))
    for name in ("broken", "n_waiting"):
        get = getattr(threading.Barrier, name).fget
        look = partial(_look_at_lock, accesses, LOCK_OF_BARRIER)
        setattr(threading.Barrier, name, property(_surrounded(get, None, look)))


def tell_of_queues(accesses: Accesses, queue: ModuleType) -> None:
    """The same for ``queue``; its `SimpleQueue` is the one in Python."""
    for name in ("empty", "qsize"):
        look = partial(_look_at_lock, accesses, LOCK_OF_SIMPLE_QUEUE)
        setattr(queue.SimpleQueue, name, _surrounded(getattr(queue.SimpleQueue, name), None, look))


def _look_at_lock(accesses: Accesses, lock: Callable[[object], object], owner: object) -> None:
    """What is read without its lock is as that was left."""
    accesses.look(lock(owner))


def number(cls: Any, numbers: dict[type, int]) -> None:
    """Let sets of ``cls`` have the same order in each execution: by when one was first put in any.

    A pool joins its set of threads one by one, and `as_completed` goes by one of futures. How many
    there are in the present execution is in ``numbers``.
    """

    def __hash__(self: Any) -> int:  # noqa: N807
        own = self.__dict__
        known: int | None = own.get(NUMBER)
        if known is None:
            known = own[NUMBER] = numbers.get(cls, 0)
            numbers[cls] = known + 1
        return known

    cls.__hash__ = __hash__


def _surrounded(
    method: Callable[..., object],
    before: Callable[..., None] | None,
    after: Callable[..., None] | None,
) -> Callable[..., object]:
    @wraps(method)
    def surrounded(*args: Any, **kwargs: object) -> object:
        if before is not None:
            before(*args[:1])
        result = method(*args, **kwargs)
        if after is not None:
            after(*args[:1])
        return result

    return surrounded
