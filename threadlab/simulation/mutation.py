"""Leaves one thing out of a program while it runs: a lock, a notification, a join.

What is marked in its code (`instrument.mutants`) asks here, with the object that it is about: only
what is `threading`'s own is left out, and only where that is asked for. So it is found out here,
too, which places there are to choose from: those at which such an object has been at work.

Without the lock of a condition nobody can wait for it, nor notify: that is a `RuntimeError` at
once, from which there is nothing to learn. So where a lock is left out, it is held for just as
long as each wait or notification takes, as it is by somebody who locks too late. With an acquire,
the release that it belongs to is left out: the next one of that lock in the same thread.
"""

from collections.abc import Callable
from types import MethodType, SimpleNamespace
from typing import Any

from threadlab.simulation.instrument.mutants import MUTABLE, ONCE, Mark, Mutant
from threadlab.simulation.kernel import Kernel, Task

MODULES = ("_thread", "threading", "queue")
"""Where the classes are from whose methods are left out."""


STEPS = 1_000_000
"""In one execution of a mutant."""


class Mutation:
    """Of a program: what is left out of it, if anything, and what could be.

    Without it, the program may never end; that is what ``steps`` in one execution are taken for.
    ``places`` are all that are marked, and whether it is likely that something can be left out
    there; ``reached`` those at which it can, ``passed`` those at which it was something else.
    """

    def __init__(self, mutant: Mutant | None = None, steps: int = STEPS) -> None:
        self.mutant = mutant
        self.steps = steps
        self.places: dict[Mutant, bool] = {}
        self.reached: set[Mutant] = set()
        self.passed: set[Mutant] = set()

    def loaded(self, marks: list[Mark]) -> None:
        """These are in the code of the program."""
        for _node, mutant, likely in marks:
            if mutant.kind != "wait":
                self.places[mutant] = likely or self.places.get(mutant, False)


class LeavesOut:
    """What the marked code of one simulated world calls."""

    def __init__(self, kernel: Kernel, mutation: Mutation) -> None:
        self._kernel = kernel
        self._mutation = mutation
        self._chosen = mutation.mutant
        self._taken: dict[tuple[Task, int], list[bool]] = {}
        """Of each thread and lock, what it has acquired and not released: whether it really has."""
        self._tasks = kernel.tasks  # of the execution that this is of

    def functions(self) -> dict[str, object]:
        return {MUTABLE: self._mutable, ONCE: self._once}

    def _once(self, place: tuple[str, int, str, int]) -> bool:
        """At the end of a round of a loop: whether it was the last."""
        return self._chosen == place and self._is_chosen(self._chosen)

    def _mutable(self, value: Any, place: tuple[str, int, str, int]) -> Any:
        """What to use in place of ``value``, which is what is entered, or a method."""
        mutant = Mutant(*place)
        if mutant.kind == "with":
            if not _is_own(value, "__enter__"):
                self._mutation.passed.add(mutant)
                return value
            return _Without(self, value) if self._is_chosen(mutant) else value
        name = "wait" if mutant.kind == "while" else mutant.kind
        if not isinstance(value, MethodType) or not _is_own(value.__self__, name, value.__func__):
            self._mutation.passed.add(mutant)
            return value
        change: Callable[[MethodType, Mutant], Any] = getattr(self, f"_{name}", self._nothing)
        return change(value, mutant)

    def _is_chosen(self, mutant: Mutant) -> bool:
        self._mutation.reached.add(mutant)
        return self._chosen == mutant

    # What is called in place of a method, by its name

    def _nothing(self, method: MethodType, mutant: Mutant) -> Callable[..., object]:
        return _ignore if self._is_chosen(mutant) else method

    def _acquire(self, acquire: MethodType, mutant: Mutant) -> Callable[..., object]:
        really = not self._is_chosen(mutant)

        def acquired(*args: Any, **kwargs: Any) -> object:
            got = acquire(*args, **kwargs) if really else True
            if got:
                self.take(acquire.__self__, really)
            return got

        return acquired

    def _release(self, release: MethodType, mutant: Mutant) -> Callable[..., object]:
        def released(*args: Any, **kwargs: Any) -> object:
            really = self.let_go(release.__self__)
            if really is None:  # acquired by another thread, or a `with`
                really = not self._is_chosen(mutant)
            else:
                self._mutation.passed.add(mutant)
            return release(*args, **kwargs) if really else None

        return released

    def _notify(self, notify: MethodType, mutant: Mutant) -> Callable[..., object]:
        return _ignore if self._is_chosen(mutant) else self._locked(notify)

    def _notify_all(self, notify_all: MethodType, mutant: Mutant) -> Callable[..., object]:
        condition: Any = notify_all.__self__
        if self._is_chosen(mutant._replace(kind="one")):
            return self._locked(condition.notify)
        return self._notify(notify_all, mutant)

    def _wait(self, wait: MethodType, mutant: Mutant) -> Callable[..., object]:
        if not _is_condition(wait.__self__):
            self._mutation.passed.add(mutant)
            return wait
        if mutant.kind == "while":
            self._mutation.reached.add(mutant)
        return self._locked(wait)

    def _wait_for(self, wait_for: MethodType, mutant: Mutant) -> Callable[..., object]:
        condition: Any = wait_for.__self__

        def once(predicate: Callable[[], object], timeout: float | None = None) -> object:
            if not (result := predicate()):
                condition.wait(timeout)
                result = predicate()
            return result

        def called(*args: Any, **kwargs: Any) -> object:
            if not self._lacks(condition):
                return wait_for(*args, **kwargs)
            waiting = SimpleNamespace(wait=self._locked(condition.wait))
            return wait_for.__func__(waiting, *args, **kwargs)

        return once if self._is_chosen(mutant) else called

    def _locked(self, method: Any) -> Callable[..., object]:
        """``method`` of a condition; with the lock, if that has been left out before."""

        def called(*args: Any, **kwargs: Any) -> object:
            if not self._lacks(method.__self__):
                return method(*args, **kwargs)
            with method.__self__:
                return method(*args, **kwargs)

        return called

    # Locks

    def take(self, lock: object, really: bool) -> None:
        """The running thread has acquired ``lock``; not ``really``, if that was left out."""
        self._in_hand.setdefault(self._key(lock), []).append(really)

    def let_go(self, lock: object) -> bool | None:
        """It releases what it acquired last, which it had ``really``; or none, if it had not."""
        key = self._key(lock)
        taken = self._in_hand.pop(key, None)
        if taken is None:
            return None
        really = taken.pop()
        if taken:
            self._taken[key] = taken
        return really

    def _lacks(self, condition: object) -> bool:
        """Whether the running thread would have its lock, if that had not been left out."""
        return not self._in_hand.get(self._key(condition), [True])[-1]

    @property
    def _in_hand(self) -> dict[tuple[Task, int], list[bool]]:
        if self._tasks is not self._kernel.tasks:
            self._tasks = self._kernel.tasks
            self._taken.clear()
        return self._taken

    def _key(self, lock: Any) -> tuple[Task, int]:
        """A condition is its lock."""
        return self._kernel.current, id(lock._lock if _is_condition(lock) else lock)


class _Without:
    """Entered in place of ``lock``."""

    def __init__(self, leaves_out: LeavesOut, lock: Any) -> None:
        self._leaves_out = leaves_out
        self._lock = lock

    def __enter__(self) -> bool:
        self._leaves_out.take(self._lock, False)
        return True

    def __exit__(self, *exc_info: object) -> None:
        if self._leaves_out.let_go(self._lock):  # it was released and acquired within
            self._lock.release()


def _is_own(owner: object, name: str, function: object = None) -> bool:
    """Whether the method ``name`` of ``owner``, or this ``function`` that was found by it, is
    `threading`'s own.
    """
    for cls in type(owner).__mro__:
        found = vars(cls).get(name)
        if found is not None and (function is None or function is found):
            return cls.__module__ in MODULES
    return False


def _is_condition(lock: object) -> bool:
    return _is_own(lock, "notify")


def _ignore(*args: object, **kwargs: object) -> None:
    pass
