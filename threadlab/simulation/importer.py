"""Loads CPython's own ``threading`` and what stands on it, and the subject, onto the fakes.

Each module that is loaded here has its own ``__import__`` in its builtins, which knows three
kinds of names: the fakes and the loaded modules come from here, what cannot be simulated is
refused, and all else is the process's own. ``sys.modules`` is not touched and nothing of the
process is patched, so that simulated and real modules live side by side.

The interpreter's own source is used, and not a copy of ours: a `Condition` or a `Thread` in
the simulated world is the one of the Python that runs.
"""

import builtins
import importlib
import importlib.machinery
import importlib.util
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any, NoReturn

from threadlab.errors import CannotImport, CannotSimulate
from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import _thread as fake_thread
from threadlab.simulation.modules import socket as fake_socket
from threadlab.simulation.modules import time as fake_time

FROM_SOURCE = {
    "_threading_local",
    "concurrent",
    "concurrent.futures",
    "concurrent.futures._base",
    "concurrent.futures.thread",
    "queue",
    "random",  # for a state of its own, which can begin anew
    "sched",
    "threading",
}

REFUSED = {
    "_multiprocessing": "it starts processes",
    "asyncio": "it has an event loop of its own",
    "concurrent.futures.interpreter": "it starts interpreters",
    "concurrent.futures.process": "it starts processes",
    "multiprocessing": "it starts processes",
    "select": "it waits for the operating system",
    "selectors": "it waits for the operating system",
    "signal": "signals come from the operating system",
    "ssl": "its sockets are those of the operating system",
    "subprocess": "it starts processes",
}

LEAVING = ("abort", "exec", "_exit", "fork", "kill", "popen", "posix_spawn", "spawn", "system")
"""How those functions of ``os`` begin that start, replace or end processes."""

Compile = Callable[[str, str], CodeType]
"""Source text and file name to code."""


class Importer:
    """``own`` are the subject's top names: they are loaded from ``folders`` and compiled by
    ``compile``, with ``globals`` beside their own.
    """

    def __init__(
        self,
        kernel: Kernel,
        own: Iterable[str],
        folders: Sequence[str],
        compile: Compile,
        globals: Mapping[str, object],
    ) -> None:
        self._own = set(own)
        self._globals = globals
        self._folders = folders
        self._compile = compile
        self._builtins = vars(builtins) | {
            "__import__": self._import,
            "input": _refusal("input", "it reads standard input"),
        }
        if "__lazy_import__" in self._builtins:  # from 3.15 on
            self._builtins["__lazy_import__"] = self._import_now
        # The stdlib's modules would register callbacks for forks, for good, at each loading.
        self._os = _os({"register_at_fork": lambda **when: None})
        self._own_os = _os(
            {
                name: _refusal(f"os.{name}", "it leaves the process")
                for name in dir(os)
                if name.startswith(LEAVING)
            }
        )
        self.modules: dict[str, ModuleType] = {
            "_thread": fake_thread.make(kernel),
            "time": fake_time.make(kernel),
            "socket": fake_socket.make(kernel),
        }

    def load(self, name: str) -> ModuleType:
        """The module ``name`` of this world. Raises what its import raises."""
        if name in self.modules:
            return self.modules[name]
        parent_name, _, child = name.rpartition(".")
        parent = self.load(parent_name) if parent_name else None
        if name in self.modules:  # the parent has imported it
            return self.modules[name]
        module = self._execute(self._find(name, parent))
        if parent is not None:
            setattr(parent, child, module)
        return module

    def module(self, name: str) -> ModuleType:
        """What an import of ``name`` gives in this world; it may be the process's own."""
        return self.load(name) if self._is_here(name) else importlib.import_module(name)

    def from_source(self) -> list[ModuleType]:
        """The modules of the standard library that have been loaded."""
        return [module for name, module in self.modules.items() if name in FROM_SOURCE]

    def _find(self, name: str, parent: ModuleType | None) -> ModuleSpec:
        path = None
        if parent is not None:
            path = list(parent.__path__)
        elif name in self._own:
            path = list(self._folders)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            raise CannotImport(f"{name} cannot be simulated: it is not written in Python")
        return spec

    def _execute(self, spec: ModuleSpec) -> ModuleType:
        loader, file = spec.loader, spec.origin
        assert isinstance(loader, importlib.machinery.SourceFileLoader)
        assert file is not None
        source = importlib.util.decode_source(loader.get_data(file))
        if spec.name.partition(".")[0] in self._own:
            code, extra = self._compile(source, file), self._globals
        else:
            code, extra = compile(source, file, "exec", dont_inherit=True), {}
        module = importlib.util.module_from_spec(spec)
        vars(module).update(extra)
        vars(module)["__builtins__"] = self._builtins
        self.modules[spec.name] = module
        try:
            exec(code, vars(module))
        except BaseException:
            del self.modules[spec.name]
            raise
        return module

    def _is_here(self, name: str) -> bool:
        return name in self.modules or name in FROM_SOURCE or name.partition(".")[0] in self._own

    def _import(
        self,
        name: str,
        globals: dict[str, Any] | None = None,
        locals: object = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """``__import__`` for the modules of this world."""
        globals = globals or {}
        if level:
            name = importlib.util.resolve_name("." * level + name, globals.get("__package__"))
        if name == "os" or (name.startswith("os.") and not fromlist):
            top = globals.get("__name__", "").partition(".")[0]
            if top in self._own:
                return self._own_os
            if globals.get("__name__", "") in FROM_SOURCE:
                return self._os
        if name == "_queue":
            raise ModuleNotFoundError("the one in Python takes its place", name=name)
        for refused in (name, name.partition(".")[0]):
            if refused in REFUSED:
                raise CannotImport(f"{refused} cannot be simulated: {REFUSED[refused]}")
        if not self._is_here(name):
            return __import__(name, globals, None, tuple(fromlist or ()), 0)
        module = self.load(name)
        if not fromlist:
            return self.modules[name.partition(".")[0]]
        if hasattr(module, "__path__"):
            children = {name: f"{module.__name__}.{name}" for name in fromlist if name != "*"}
            for attribute, child in children.items():
                if not hasattr(module, attribute) and self._is_here(child):
                    self.load(child)
        return module

    def _import_now(self, *what: Any) -> object:
        """``__lazy_import__``, but at once, and what cannot be had is refused when it is used.

        The interpreter's own takes what it finds in ``sys.modules``, which is the process's.
        """
        try:
            return self._import(*what)
        except ImportError as error:
            return _Missing(error)


class _Missing:
    """In place of what was to be imported when it is used, and cannot be."""

    def __init__(self, error: ImportError) -> None:
        self._error = error

    def __getattr__(self, name: str) -> "_Missing":
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: object, **kwargs: object) -> NoReturn:
        raise self._error


def _os(changes: dict[str, Callable[..., object]]) -> ModuleType:
    module = ModuleType("os")
    vars(module).update(vars(os) | changes)
    return module


def _refusal(name: str, why: str) -> Callable[..., object]:
    def refuse(*args: object, **kwargs: object) -> object:
        raise CannotSimulate(f"{name} cannot be simulated: {why}")

    return refuse
