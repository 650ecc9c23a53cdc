"""``_multiprocessing``: semaphores among threads, as there are no processes.

On it stand ``multiprocessing.dummy``, ``ThreadPool`` and ``SimpleQueue``; to start a process ends
in ``fork`` or ``_posixsubprocess``, which are refused. A semaphore has no name, since nobody else
could open it; so no process is started to clean up after it.
"""

import importlib
from collections import deque
from types import ModuleType
from typing import Any

from threadlab.simulation.kernel import Kernel, Task

_multiprocessing: Any = importlib.import_module("_multiprocessing")  # of which mypy knows nothing

TAKEN = ("flags",)
REFUSED: tuple[str, ...] = ()

RECURSIVE_MUTEX = 0


def make(kernel: Kernel) -> ModuleType:
    """A ``_multiprocessing`` whose semaphores block tasks of ``kernel``."""

    class SemLock:
        SEM_VALUE_MAX = _multiprocessing.SemLock.SEM_VALUE_MAX

        def __init__(self, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> None:
            if kind not in (0, 1):
                raise ValueError("unrecognized kind")
            self.kind, self.maxvalue = kind, maxvalue
            self.name = None
            self.handle = 0
            self._value = value
            self._held = 0  # by its owner
            self._owner: Task | None = None  # who acquired it last
            self._waiters: deque[Task] = deque()

        @classmethod
        def _rebuild(cls, *args: object) -> Any:
            kernel.refuse("a semaphore of another process cannot be simulated")

        def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
            recorder, task = kernel.recorder, kernel.current
            if self.kind == RECURSIVE_MUTEX and self._is_mine():
                self._held += 1
                return True
            deadline = None if timeout is None else kernel.now + max(timeout, 0.0)
            while not self._value:
                if not block or (timeout is not None and timeout <= 0):
                    if recorder is not None:
                        recorder.look(self)
                    return False
                self._waiters.append(task)
                if recorder is not None:
                    recorder.attempt(self)
                try:
                    if not kernel.park("a semaphore", deadline) and not self._value:
                        return False
                finally:
                    if task in self._waiters:
                        self._waiters.remove(task)
            self._value -= 1
            self._held += 1
            self._owner = task
            if recorder is not None:
                recorder.acquire(self)
            return True

        def release(self) -> None:
            if self.kind == RECURSIVE_MUTEX:
                if not self._is_mine():
                    raise AssertionError("attempt to release recursive lock not owned by thread")
                if self._held > 1:
                    self._held -= 1
                    return
            elif self._value >= self.maxvalue:
                raise ValueError("semaphore or lock released too many times")
            self._value += 1
            self._held -= 1
            if kernel.recorder is not None:
                kernel.recorder.release(self)
            if self._waiters:
                kernel.unpark(self._waiters.popleft())

        __enter__ = acquire

        def __exit__(self, *exc_info: object) -> None:
            self.release()

        def _count(self) -> int:
            return self._held

        def _is_mine(self) -> bool:
            return self._held > 0 and self._owner is kernel.current

        def _get_value(self) -> int:
            if kernel.recorder is not None:
                kernel.recorder.look(self)
            return self._value

        def _is_zero(self) -> bool:
            return not self._get_value()

        def _after_fork(self) -> None:
            self._held = 0

    module = ModuleType("_multiprocessing", "Semaphores that block tasks of the kernel.")
    SemLock.__qualname__ = "SemLock"
    SemLock.__module__ = "_multiprocessing"
    vars(module).update(
        SemLock=SemLock,
        flags=_multiprocessing.flags,
        sem_unlink=lambda name, /: None,
    )
    return module
