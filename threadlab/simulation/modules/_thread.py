"""``_thread`` on the kernel: what the ``threading.py`` of CPython 3.11 to 3.15 asks of it.

Up to 3.12 a thread is joined by a lock that it releases at its end (``_set_sentinel``); from
3.13 on by a handle (``start_joinable_thread``). Both are here, and each version takes its own.

A released lock wakes its first waiter, who then competes for it with whoever comes by, as
on a real system: there is no handing over.
"""

import _thread
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from signal import SIGINT
from types import ModuleType
from typing import Any, Self
from weakref import ref

from threadlab.errors import note
from threadlab.simulation.inspection import plain
from threadlab.simulation.kernel import FIRST, Kernel, Task
from threadlab.simulation.modules.time import number_of

TIMEOUT_MAX = _thread.TIMEOUT_MAX
TAKEN = ("TIMEOUT_MAX", "_ExceptHookArgs")
REFUSED: tuple[str, ...] = ()

NAME = "name"
"""Among the locals of a task: what the operating system is to call it."""

INHERITED = "inherited"
"""Among the locals of a task: what those that it starts begin with."""


def deadline_of(kernel: Kernel, blocking: bool, timeout: float) -> float | None:
    """The deadline of an ``acquire`` with these arguments. Raises what a lock's raises."""
    if type(timeout) is not int:
        timeout = number_of(timeout)
    if timeout == -1:
        return None
    if not blocking:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0:
        raise ValueError("timeout value must be a non-negative number")
    if timeout > TIMEOUT_MAX:
        raise OverflowError("timeout value is too large")
    return kernel.now + timeout


def name_of(thread: object, ident: int) -> str:
    """What `threading` calls it; not by a property, which may be the program's own code."""
    try:
        name = object.__getattribute__(thread, "__dict__")["_name"]
    except (AttributeError, LookupError):
        name = plain(thread, "_name")
    return name if type(name) is str else f"thread {ident}"


def _leave(waiters: deque[Task], task: Task) -> bool:
    """Let ``task`` wait no longer; false if it has been woken."""
    waits = task in waiters
    if waits:
        waiters.remove(task)
    return waits


def _locks(kernel: Kernel) -> tuple[Any, Any]:
    """``Lock`` and ``RLock``. The kernel is a closure's: there is nothing quicker to reach."""

    class Lock:
        __slots__ = ("__weakref__", "_owner", "_silent", "_waiters")

        def __init__(self) -> None:
            self._silent = False  # whether the recorder is not to know of it
            self._owner: Task | None = None
            self._waiters: deque[Task] | None = None
            if kernel.recorder is not None:
                kernel.recorder.create(self)

        def __init_subclass__(cls) -> None:
            raise TypeError("type '_thread.lock' is not an acceptable base type")

        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
            deadline = deadline_of(kernel, blocking, timeout) if timeout != -1 else None
            recorder = None if self._silent else kernel.recorder
            if self._owner is None:
                self._owner = kernel.current
                if recorder is not None:
                    recorder.acquire(self)
                return True
            if not blocking or timeout == 0:
                if recorder is not None:
                    recorder.look(self)
                return False
            waiters = self._waiters
            if waiters is None:
                waiters = self._waiters = deque()
            task = kernel.current
            while self._owner is not None:
                waiters.append(task)
                if recorder is not None:
                    recorder.attempt(self)
                try:
                    unparked = kernel.park(self, deadline)
                except BaseException:  # of a signal handler
                    if not _leave(waiters, task) and self._owner is None and waiters:
                        kernel.unpark(waiters.popleft())  # who was woken passes that on
                    raise
                if waiters:
                    _leave(waiters, task)
                if not unparked and self._owner is not None:
                    if recorder is not None:
                        recorder.attempt(self)
                    return False
            self._owner = task
            if recorder is not None:
                recorder.acquire(self)
            return True

        def release(self) -> None:
            if self._owner is None:
                if kernel.recorder is not None and not self._silent:
                    kernel.recorder.look(self)
                raise RuntimeError("release unlocked lock")
            self._owner = None
            if kernel.recorder is not None and not self._silent:
                kernel.recorder.release(self)
            if self._waiters:
                kernel.unpark(self._waiters.popleft())

        def locked(self) -> bool:
            if kernel.recorder is not None and not self._silent:
                kernel.recorder.look(self)
            return self._owner is not None

        __enter__ = acquire
        acquire_lock, release_lock, locked_lock = acquire, release, locked

        def __exit__(self, *exc_info: object) -> None:
            self.release()

        def silence(self) -> None:
            """Keep it from the recorder: nobody can ever find it taken."""
            self._silent = True

        def _at_fork_reinit(self) -> None:
            self._owner = self._waiters = None

        def __repr__(self) -> str:
            state = "unlocked" if self._owner is None else "locked"
            return f"<{state} _thread.lock object at {id(self):#x}>"

        def __str__(self) -> str:
            return "a lock" if self._owner is None else f"a lock held by {self._owner}"

    class RLock:
        __slots__ = ("__weakref__", "_block", "_count", "_owner")

        def __init__(self, *ignored: object, **also: object) -> None:
            if sys.version_info >= (3, 15) and (ignored or also):
                raise TypeError("RLock() takes no arguments")
            self._block = Lock()
            self._owner: Task | None = None
            self._count = 0

        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
            if self._owner is kernel.current:
                if timeout != -1:
                    deadline_of(kernel, blocking, timeout)
                self._count += 1
                return True
            if not self._block.acquire(blocking, timeout):
                return False
            self._owner = kernel.current
            self._count = 1
            return True

        def release(self) -> None:
            if self._owner is not kernel.current:
                raise RuntimeError("cannot release un-acquired lock")
            self._count -= 1
            if not self._count:
                self._owner = None
                self._block.release()

        def locked(self) -> bool:
            return self._owner is not None

        __enter__ = acquire

        def __exit__(self, *exc_info: object) -> None:
            self.release()

        def _is_owned(self) -> bool:
            return self._owner is kernel.current

        def _recursion_count(self) -> int:
            return self._count if self._owner is kernel.current else 0

        def _release_save(self) -> tuple[int, Task | None]:
            if self._owner is None:
                raise RuntimeError("cannot release un-acquired lock")
            state = self._count, self._owner
            self._count, self._owner = 0, None
            self._block.release()
            return state

        def _acquire_restore(self, state: tuple[int, Task | None]) -> None:
            self._block.acquire()
            self._count, self._owner = state

        def silence(self) -> None:
            self._block.silence()

        def _at_fork_reinit(self) -> None:
            self._block._at_fork_reinit()
            self._owner, self._count = None, 0

        def __repr__(self) -> str:
            state = "unlocked" if self._owner is None else "locked"
            owner = self._owner.ident if self._owner else 0
            return (
                f"<{state} _thread.RLock object owner={owner} count={self._count} at {id(self):#x}>"
            )

    for made, name in ((Lock, "lock"), (RLock, "RLock")):
        made.__module__, made.__qualname__ = "_thread", name
    return Lock, RLock


def _threads(kernel: Kernel, lock_type: Any) -> dict[str, Any]:
    """How threads are started and joined, by both of the ways, by the names in ``_thread``."""

    class ThreadHandle:
        def __init__(self) -> None:
            self.ident = 0
            self._task: Task | None = None
            self._ended = lock_type()

        def _begin(self, task: Task) -> None:
            self.ident, self._task = task.ident, task
            self._ended.acquire()
            self._ended._owner = task
            task.on_end.append(self._set_done)

        def is_done(self) -> bool:
            return self.ident != 0 and not self._ended.locked()  # or else it has not begun

        def _set_done(self) -> None:
            if self._ended._owner is not None:
                self._ended.release()
                while self._ended._waiters:
                    kernel.unpark(self._ended._waiters.popleft())

        def join(self, timeout: float | None = None) -> None:
            if self._task is None and self.ident == 0:
                raise RuntimeError("thread not started")
            if self._task is kernel.current:
                raise RuntimeError("Cannot join current thread")
            if timeout is None or timeout < 0:
                timeout = -1
            if self._ended.acquire(True, timeout):
                self._ended.release()

    def make_thread_handle(ident: int) -> ThreadHandle:
        handle = ThreadHandle()
        handle.ident = ident
        handle._ended.acquire()
        return handle

    def start_new_thread(
        function: Callable[..., object],
        args: tuple[object, ...],
        kwargs: dict[str, Any] | None = None,
    ) -> int:
        if not callable(function):
            raise TypeError("first arg must be callable")
        return start(function, args, kwargs or {}).ident

    def start_joinable_thread(
        function: Callable[..., object], handle: ThreadHandle | None = None, daemon: bool = True
    ) -> ThreadHandle:
        handle = ThreadHandle() if handle is None else handle
        if handle.ident:
            raise RuntimeError("thread already started")
        handle._begin(start(function, (), {}))
        return handle

    def start(
        function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, Any]
    ) -> Task:
        if not kernel.running:
            raise RuntimeError("can't start new thread: no execution is running")

        thread = getattr(function, "__self__", None)

        def body() -> None:
            with suppress(SystemExit):
                function(*args, **kwargs)
            if kernel.recorder is not None and thread is not None:
                kernel.recorder.ended(thread)
            task.name = str(task)  # so that the thread is not held any longer

        task = kernel.spawn(body, "")
        task.name = partial(name_of, thread, task.ident)
        task.daemon = thread is None or plain(thread, "_daemonic") is True
        if INHERITED in kernel.current.locals:
            task.locals[INHERITED] = dict(kernel.current.locals[INHERITED])
        return task

    def set_sentinel() -> object:
        lock = lock_type()

        def release() -> None:
            if lock._owner is not None:
                lock.release()

        kernel.call_at_end(release)
        return lock

    return {
        "_ThreadHandle": ThreadHandle,
        "_make_thread_handle": make_thread_handle,
        "_set_sentinel": set_sentinel,
        "start_joinable_thread": start_joinable_thread,
        "start_new": start_new_thread,
        "start_new_thread": start_new_thread,
    }


def _local(kernel: Kernel) -> type:
    """What each thread has its own of. The first task of an execution has that of the import."""

    class Local:
        __slots__ = ("__dict__", "__weakref__", "_arguments", "_owners")

        def __new__(cls, /, *args: Any, **kwargs: Any) -> Self:
            if (args or kwargs) and cls.__init__ is object.__init__:
                raise TypeError("Initialization arguments are not supported")
            self = object.__new__(cls)
            object.__setattr__(self, "_arguments", (args, kwargs))
            object.__setattr__(self, "_owners", {})
            own(self, {})
            return self

        def __getattribute__(self, name: str) -> Any:
            enter(self)
            return object.__getattribute__(self, name)

        def __setattr__(self, name: str, value: object) -> None:
            if name == "__dict__":
                raise AttributeError("object attribute '__dict__' is read-only")
            enter(self)
            object.__setattr__(self, name, value)

        def __delattr__(self, name: str) -> None:
            enter(self)
            object.__delattr__(self, name)

        __hash__ = object.__hash__

    def enter(self: Local) -> None:
        """Make the running task's own ``__dict__`` that of ``self``."""
        owners: dict[Task, dict[str, object]] = object.__getattribute__(self, "_owners")
        values = owners.get(kernel.current)
        if values is not None:
            object.__setattr__(self, "__dict__", values)
            return
        at_import = owners.get(kernel.outside) if kernel.current.ident == FIRST else None
        own(self, dict(at_import or {}))
        cls = type(self)
        if at_import is None and cls.__init__ is not object.__init__:
            args, kwargs = object.__getattribute__(self, "_arguments")
            cls.__init__(self, *args, **kwargs)
            enter(self)  # that may have let others run

    def own(self: Local, values: dict[str, object]) -> None:
        object.__getattribute__(self, "_owners")[kernel.current] = values
        object.__setattr__(self, "__dict__", values)
        kernel.current.on_end.append(partial(disown, ref(self), kernel.current))

    def disown(reference: ref[Local], task: Task) -> None:
        self = reference()
        if self is not None:
            del object.__getattribute__(self, "_owners")[task]
            object.__setattr__(self, "__dict__", {})

    return Local


def make(kernel: Kernel) -> ModuleType:
    """A ``_thread`` whose threads are tasks of ``kernel``."""
    lock, rlock = _locks(kernel)

    def excepthook(args: Any) -> None:
        """An exception that no thread handles fails the execution."""
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            kernel.report(args.exc_value)
            note(args.exc_value, f"in thread {args.thread.name if args.thread else '?'}")

    def interrupt_main(signum: int = SIGINT, /) -> None:
        signals: Any = import_module("_signal")  # that of the world
        if callable(signals.getsignal(signum)):
            signals.raise_signal(signum)

    def leave() -> None:
        raise SystemExit

    def set_name(name: str) -> None:
        kernel.current.locals[NAME] = {"": name}

    local = _local(kernel)
    local.__module__, local.__qualname__ = "_thread", "_local"
    module = ModuleType("_thread", "Threads that are tasks of the kernel.")
    implemented: dict[str, Any] = dict(
        LockType=lock,
        lock=lock,
        RLock=rlock,
        TIMEOUT_MAX=TIMEOUT_MAX,
        _ExceptHookArgs=_thread._ExceptHookArgs,
        _count=lambda: max(len(kernel.tasks) - 1, 0),
        _excepthook=excepthook,
        _get_main_thread_ident=lambda: 1,
        _is_main_interpreter=lambda: True,
        _local=local,
        _shutdown=lambda: None,
        allocate=lock,
        allocate_lock=lock,
        daemon_threads_allowed=lambda: True,
        error=RuntimeError,
        exit=leave,
        exit_thread=leave,
        get_ident=lambda: kernel.current.ident,
        get_native_id=lambda: kernel.current.ident,
        interrupt_main=interrupt_main,
        _get_name=lambda: kernel.current.locals.get(NAME, {"": ""})[""],
        _NAME_MAXLEN=getattr(_thread, "_NAME_MAXLEN", None),
        set_name=set_name,
        stack_size=lambda size=0: 0,
        **_threads(kernel, lock),
    )
    for name, value in implemented.items():
        if hasattr(_thread, name):  # each version's threading takes the one way that it knows
            setattr(module, name, value)
    return module
