"""Loads CPython's own ``threading``, what stands on it, and the program, onto the fakes.

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
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NoReturn

from threadlab.errors import CannotImport
from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import _thread as fake_thread
from threadlab.simulation.modules import socket as fake_socket
from threadlab.simulation.modules import time as fake_time
from threadlab.simulation.project import Project, is_extension, is_namespace, is_source

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
    """What is of ``project`` is compiled by ``compile``, with ``globals`` beside its own."""

    def __init__(
        self,
        kernel: Kernel,
        project: Project,
        compile: Compile,
        globals: Mapping[str, object],
    ) -> None:
        self._project = project
        self._globals = globals
        self._compile = compile
        self._builtins = vars(builtins) | {
            "__import__": self._import,
            "input": _refusal(kernel, "input", "it reads standard input"),
        }
        if "__lazy_import__" in self._builtins:  # from 3.15 on
            self._builtins["__lazy_import__"] = self._import_now
        # The stdlib's modules would register callbacks for forks, for good, at each loading.
        self._os = _os({"register_at_fork": lambda **when: None})
        self._own_os = _os(
            {
                name: _refusal(kernel, f"os.{name}", "it leaves the process")
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
        path = None if parent is None else list(parent.__path__)
        if name in self._project:
            spec = self._project.find(name, path)
        else:
            spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return spec

    def _execute(self, spec: ModuleSpec) -> ModuleType:
        if is_extension(spec) and "." in spec.name:
            return self._shared(spec)
        extra: Mapping[str, object] = {}
        code: CodeType | None = None
        if is_source(spec):
            file = str(spec.origin)
            source = importlib.util.decode_source(Path(file).read_bytes())
            if spec.name in self._project:
                code, extra = self._compile(source, file), self._globals
            else:
                code = compile(source, file, "exec", dont_inherit=True)
        elif not is_namespace(spec):
            raise CannotImport(f"{spec.name} cannot be simulated: it is not written in Python")
        module = importlib.util.module_from_spec(spec)
        if (places := spec.submodule_search_locations) is not None:
            # A list, since a namespace looks for its own at each use, in ``sys.modules``.
            module.__path__ = list(getattr(places, "_path", places))
        vars(module).update(extra)
        vars(module)["__builtins__"] = self._builtins
        self.modules[spec.name] = module
        try:
            if code is not None:
                exec(code, vars(module))
        except BaseException:
            del self.modules[spec.name]
            raise
        return module

    def _shared(self, spec: ModuleSpec) -> ModuleType:
        """An extension module: there is one in the process, which the packages here share."""
        module = sys.modules.get(spec.name)
        if module is None:
            assert spec.loader is not None
            module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        self.modules[spec.name] = module
        return module

    def _is_here(self, name: str) -> bool:
        return name in self.modules or name in FROM_SOURCE or name in self._project

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
            if globals.get("__name__", "") in self._project:
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


def _refusal(kernel: Kernel, name: str, why: str) -> Callable[..., object]:
    def refuse(*args: object, **kwargs: object) -> object:
        kernel.refuse(f"{name} cannot be simulated: {why}")

    return refuse
