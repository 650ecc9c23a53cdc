"""``sys`` in a simulated world: what a program changes of it, and what each thread has of its own.

There is one ``sys``, in which the interpreter itself looks for ``stdout``, ``excepthook`` and so
on; nobody would ask a copy. So while the world's modules are in place, what its program has
assigned there is in place as well, and the next execution finds it as it was after the import.

Some settings the interpreter has for each thread, and all tasks are in one: trace and profile
functions, hooks for asynchronous generators. Once a program has set one, it is exchanged at each
switch of tasks. A task that has set none has that of the process, a debugger's say. Trace and
profile functions see nothing of the laboratory.
"""

import operator
import os
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, NamedTuple

from threadlab.simulation.frames import LABORATORY
from threadlab.simulation.kernel import FIRST, Kernel, Task


class Setting(NamedTuple):
    """What the interpreter is asked for by ``get``, and told by ``set``."""

    get: Callable[[], Any]
    set: Callable[..., object]
    of_a_thread: bool


LIMIT = "setrecursionlimit"

SETTINGS = {
    "settrace": Setting(sys.gettrace, sys.settrace, True),
    "setprofile": Setting(sys.getprofile, sys.setprofile, True),
    "set_asyncgen_hooks": Setting(
        sys.get_asyncgen_hooks, lambda hooks: sys.set_asyncgen_hooks(*hooks), True
    ),
    "set_coroutine_origin_tracking_depth": Setting(
        sys.get_coroutine_origin_tracking_depth, sys.set_coroutine_origin_tracking_depth, True
    ),
    "set_int_max_str_digits": Setting(
        sys.get_int_max_str_digits, sys.set_int_max_str_digits, False
    ),
    LIMIT: Setting(sys.getrecursionlimit, sys.setrecursionlimit, False),
    "setswitchinterval": Setting(sys.getswitchinterval, sys.setswitchinterval, False),
}
"""By the names of the functions that set them."""

ASSIGNED = (
    *("argv", "dont_write_bytecode", "stderr", "stdin", "stdout"),
    *("breakpointhook", "displayhook", "excepthook", "unraisablehook"),
)
"""What of ``sys`` is there to be assigned, beside what the importer has. A name that was not there
before, ``tracebacklimit`` say, may be any."""

_assigned = operator.itemgetter(*ASSIGNED)


STRATEGIES = LABORATORY + "strategies" + os.sep
"""What is called from there, of `random` say, is the laboratory's as well."""


class Seeing:
    """A trace or profile function that is called for what is outside of the laboratory."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, frame: FrameType, event: str, arg: object) -> Any:
        if frame.f_code.co_filename.startswith(LABORATORY):
            return None
        caller = frame.f_back
        while caller is not None and not caller.f_code.co_filename.startswith(LABORATORY):
            caller = caller.f_back
        if caller is not None and caller.f_code.co_filename.startswith(STRATEGIES):
            return None
        return self.function(frame, event, arg)


class System:
    """``sys`` for the tasks of ``kernel``."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.audit_hooks: list[Callable[[str, Any], object]] = []
        """Those that the program has added, which `escapes` calls: the process keeps none."""
        self._functions = self._in_place_of_functions()
        self._real = {name: getattr(sys, name) for name in self._functions}
        self._own: dict[str, Any] = {}  # what the program has assigned
        self._process: tuple[Any, ...] = ()
        self._count = self._limit = 0
        self._base: dict[str, Any] = {}  # the settings that it has set, as the process has them
        self._values: dict[Task, dict[str, Any]] = {kernel.outside: {}}  # of who does not run
        self.remember()

    # In place

    def enter(self) -> None:
        """Put what the program has changed in place."""
        names = vars(sys)
        self._process, self._count = _assigned(names), len(names)
        self._limit = sys.getrecursionlimit()
        names.update(self._functions)
        if self._own:
            names.update(self._own)
        if self._base:
            self._base = {name: SETTINGS[name].get() for name in self._base}
            self._give(self._kernel.current)

    def leave(self) -> None:
        """Put back what the process had."""
        if self._base:
            self._take(self._kernel.current)
            for name, value in self._base.items():
                SETTINGS[name].set(value)
        names = vars(sys)
        names.update(self._real)
        now = _assigned(names)
        if self._own or len(names) > self._count or any(map(operator.is_not, now, self._process)):
            changes = zip(ASSIGNED, now, self._process, strict=True)
            self._own = {name: value for name, value, before in changes if value is not before}
            names.update(zip(ASSIGNED, self._process, strict=True))
            for name in [*names][self._count :]:
                self._own[name] = names.pop(name)

    def remember(self) -> None:
        """All is loaded: what is changed from here on is `forget`'s."""
        self._loaded = self._own, dict(self._base), dict(self._values[self._kernel.outside])
        self._hooks_loaded = len(self.audit_hooks)

    def forget(self) -> None:
        """Let all be as it was at `remember`."""
        own, base, values = self._loaded
        self._own = own
        del self.audit_hooks[self._hooks_loaded :]
        if self._base:
            self._base, self._values = dict(base), {self._kernel.outside: dict(values)}
            self._kernel.on_switch = self._exchange if base else None

    # Settings

    def _use(self, name: str) -> None:
        """From here on the program has a say in it."""
        if name not in self._base:  # of the limit, that in which an execution is deeper is no part
            self._base[name] = self._limit if name == LIMIT else SETTINGS[name].get()
            self._kernel.on_switch = self._exchange

    def _of(self, task: Task, name: str) -> dict[str, Any]:
        """Where the value for ``task`` is kept; the first begins with those of the import."""
        outside = self._kernel.outside
        if not SETTINGS[name].of_a_thread or (task.ident == FIRST and task not in self._values):
            task = outside
        return self._values.setdefault(task, {})

    def _take(self, task: Task) -> None:
        self._values.setdefault(task, {})
        for name in self._base:
            self._of(task, name)[name] = SETTINGS[name].get()

    def _give(self, task: Task) -> None:
        for name, base in self._base.items():
            SETTINGS[name].set(self._of(task, name).get(name, base))

    def _exchange(self, before: Task, after: Task) -> None:
        self._take(before)
        self._give(after)

    # What is called

    def _in_place_of_functions(self) -> dict[str, Callable[..., Any]]:
        functions = {name: self._setting(name) for name in SETTINGS}
        for name in "trace", "profile":
            set_name, all_name = f"set{name}", f"_set{name}allthreads"
            functions[set_name] = self._observing(set_name)
            functions[f"get{name}"] = self._observer(set_name)
            if hasattr(sys, all_name):  # from 3.12 on
                functions[all_name] = self._observing_all(set_name)
        functions["_current_frames"] = self._current_frames
        functions["addaudithook"] = self.audit_hooks.append
        return functions

    def _setting(self, name: str) -> Callable[..., Any]:
        real = getattr(sys, name)

        def use(*args: Any, **kwargs: Any) -> Any:
            self._use(name)
            return real(*args, **kwargs)

        return use

    def _observing(self, name: str) -> Callable[..., Any]:
        def observe(function: Any, /) -> None:
            self._use(name)
            SETTINGS[name].set(self._base[name] if function is None else Seeing(function))

        return observe

    def _observer(self, name: str) -> Callable[..., Any]:
        def observer() -> Any:
            function = SETTINGS[name].get()
            return function.function if isinstance(function, Seeing) else None

        return observer

    def _observing_all(self, name: str) -> Callable[..., Any]:
        observe = self._observing(name)

        def observe_all(function: Any, /) -> None:
            observe(function)
            for task in self._kernel.tasks.values():
                self._values.setdefault(task, {})[name] = SETTINGS[name].get()

        return observe_all

    def _current_frames(self) -> dict[int, FrameType]:
        kernel, frames = self._kernel, {}
        for ident, task in (kernel.tasks or {FIRST: kernel.outside}).items():
            running = task is kernel.current
            frame: FrameType | None = sys._getframe(1) if running else task.greenlet.gr_frame
            while frame is not None and frame.f_code.co_filename.startswith(LABORATORY):
                frame = frame.f_back
            if frame is not None:
                frames[ident] = frame
        return frames
