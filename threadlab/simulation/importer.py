"""The closed world: what a simulated program imports, it gets from here.

Only the bottom is faked. Threads, time and the operating system are touched by modules that are
written in C; for each of these there is a *fake* in `threadlab.simulation.modules`, which stands on
the kernel. Everything above comes *from source*: the interpreter's own `threading`, `queue`,
`logging`, `socket`, `asyncio` and so on, the installed packages, and the program are executed
anew for each simulated world, where they import the fakes. So a `Condition` here is the one of the
Python that runs, and a lock, a clock or a pool of the process gets in by no back door.

The rest is *the process's own*, shared with it: modules in C that have no fake; and those modules
of the standard library that lead to no fake, whatever they import when they are imported, such
as `abc`, `heapq`, `copy`. That is found by reading their code (`imports`), and is no matter of
taste: what a module holds on to after its import cannot change any more, and what its functions
import later they take from the world that calls them.

How does the world keep its modules apart? It has a `sys.modules` of its own, with `sys.meta_path`
and `sys.path`. While it loads or executes anything, they are in place: the contents of the one dict
that the interpreter looks into are exchanged, which takes a microsecond. So the import statement,
importlib, pickle, `mock.patch` by name and C code all find what they would find anywhere. An
``__import__`` of our own in the builtins was there before, and was seen by statements alone.

Where the rule bends (`policy`):
- the laboratory itself, pytest and Hypothesis are the process's own, as is what imports;
- so is numpy, which a process can load once;
- some modules in C are absent, since the standard library has the same in Python for such a case;
- a package's modules in C are loaded for each world, if they let themselves be loaded again.

What cannot be simulated is not refused here but when it is called; see the fakes.
What an execution imports itself, it imports anew each time.
"""

import builtins
import copy
import importlib
import operator
import os
import sys
import tokenize
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any, NoReturn

from threadlab.simulation import modules as fakes
from threadlab.simulation import policy
from threadlab.simulation.escapes import watched
from threadlab.simulation.kernel import Kernel
from threadlab.simulation.project import Project
from threadlab.simulation.system import System

Compile = Callable[[str, str], CodeType]
"""Source text and file name to code."""

_codes: dict[str, CodeType] = {}
"""Of what is not of a project, by file."""

_extensions: dict[str, ModuleType] = {}
"""Modules in C of packages, by file, as they were loaded first."""


class Importer:
    """The modules of one simulated world.

    What is of ``project`` is compiled by ``compile``, with ``globals`` beside its own. ``told`` has
    functions that are called with the modules of these names, whenever one has been loaded.
    """

    def __init__(
        self,
        kernel: Kernel,
        project: Project,
        compile: Compile,
        globals: Mapping[str, object],
        told: Mapping[str, Callable[[ModuleType], object]] | None = None,
    ) -> None:
        self.kernel = kernel
        self.project = project
        self.compile = compile
        self.globals = globals
        self.told = told or {}
        self.builtins = ModuleType("builtins", builtins.__doc__)
        vars(self.builtins).update(vars(builtins))
        vars(self.builtins)["input"] = _refusal(kernel, "input", "it reads standard input")
        vars(self.builtins)["open"] = self._open
        if hasattr(builtins, "__lazy_import__"):  # from 3.15 on
            vars(self.builtins)["__lazy_import__"] = _import_now
        self._modules: dict[str, ModuleType] = {
            "builtins": self.builtins,
            "sys": sys,
            "__main__": ModuleType("__main__"),
        }
        self._loaded = self._modules
        self._process: tuple[dict[str, ModuleType], object, object] = ({}, [], [])
        self._finders = [*sys.meta_path]
        self._guests: dict[str, tuple[ModuleType, str]] = {}
        """Modules of this world that are attributes of a package of the process, such as `http`."""
        self._meta_path: list[object] = [_Finder(self)]
        self._path = project.path(sys.path)
        self._system = System(kernel)

    @property
    def audit_hooks(self) -> list[Callable[[str, Any], object]]:
        """Those that the program has added."""
        return self._system.audit_hooks

    @property
    def modules(self) -> dict[str, ModuleType]:
        """The `sys.modules` of this world."""
        return sys.modules if self._in_place else self._modules

    def load(self, name: str) -> ModuleType:
        """The module ``name`` of this world. Raises what its import raises."""
        with self.in_place():
            return importlib.import_module(name)

    def of_the_project(self) -> list[ModuleType]:
        """Its modules that have been loaded."""
        return [m for name, m in self._executed.items() if self._is_own(name, m)]

    def from_source(self) -> list[ModuleType]:
        """The modules that are this world's own, and are not of the project."""
        others = [m for name, m in self._executed.items() if not self._is_own(name, m)]
        return [self.builtins, self._modules["__main__"], *others]

    def _is_own(self, name: str, module: ModuleType) -> bool:
        """Whether it is of the project, or the program has loaded it itself: by its path, say."""
        return name in self.project or not isinstance(module.__loader__, _Loader)

    def paths(self) -> list[list[Any]]:
        """The lists of ``sys`` that are this world's own."""
        return [self._meta_path, self._path]

    @property
    def _executed(self) -> dict[str, ModuleType]:
        process = self._process[0] if self._in_place else sys.modules
        return {
            name: module
            for name, module in self.modules.items()
            if isinstance(spec := vars(module).get("__spec__"), ModuleSpec)
            and isinstance(spec.loader, _Loader | SourceFileLoader)
            and spec.name == name
            and process.get(name) is not module
        }

    # In place

    @property
    def _in_place(self) -> bool:
        return sys.modules.get("builtins") is self.builtins

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Within the block, the world's modules are those of the interpreter."""
        if self._in_place:
            yield
            return
        try:
            self.enter()
            yield
        finally:
            self.leave()

    def enter(self) -> None:
        """Put the world's modules in place of the process's."""
        self._process = dict(sys.modules), sys.meta_path, sys.path
        _exchange(self._modules, self._meta_path, self._path)
        SourceFileLoader.exec_module = self._by_path  # type: ignore[assignment,method-assign]
        self._set_guests()
        self._system.enter()

    def leave(self) -> None:
        """Put the process's modules back, if they are not."""
        if self._in_place:
            self._system.leave()
            self._modules = dict(sys.modules)
            _exchange(*self._process)
            del SourceFileLoader.exec_module  # that which it inherits is there again
            self._set_guests()

    def _set_guests(self) -> None:
        """Let the packages that worlds share have what is in `sys.modules`, and nothing else."""
        for name, (package, child) in self._guests.items():
            if name in sys.modules:
                setattr(package, child, sys.modules[name])
            else:
                vars(package).pop(child, None)

    def remember(self) -> None:
        """All is loaded: what is imported from here on is `forget`'s."""
        self._loaded = dict(self._modules)
        self._system.remember()

    def forget(self) -> None:
        """Drop what has been imported since `remember`, but for what is the process's own."""
        self._system.forget()
        now, loaded = self._modules, self._loaded
        if len(now) != len(loaded) or not all(map(operator.is_, now.values(), loaded.values())):
            process = sys.modules
            shared = {n: m for n, m in now.items() if process.get(n) is m}
            # What is in a package of this world is an attribute of that, which is gone by now.
            kept = {n: m for n, m in shared.items() if n.partition(".")[0] in shared}
            self._modules = kept | loaded

    @contextmanager
    def _outside(self) -> Iterator[None]:
        """Within the block, the process's modules are in place."""
        if not self._in_place:
            yield
            return
        try:
            self.leave()
            with watched(None):
                yield
        finally:
            self.enter()

    def find_library(self, name: str) -> str | None:
        """`ctypes.util.find_library`, which starts processes to ask what files there are.

        Not the one that real threads are of, to which the ident of a task is a wrong address.
        """
        if name in ("c", "pthread"):
            return None
        with self._outside():
            return importlib.import_module("ctypes.util").find_library(name)  # type: ignore[no-any-return]

    def _open(self, file: object, *args: Any, **kwargs: Any) -> object:
        """``open``; of a descriptor, which may be a simulated one, that of this world's ``io``."""
        if isinstance(file, int):
            return self.load("io").open(file, *args, **kwargs)
        return open(file, *args, **kwargs)  # type: ignore[call-overload]

    @property
    def _by_path(self) -> Callable[[SourceFileLoader, ModuleType], None]:
        """How a loader of the program's own making executes the file that it was given."""
        importer = self

        def exec_module(loader: SourceFileLoader, module: ModuleType) -> None:
            __tracebackhide__ = True
            mine = importer.project.holds(loader.path)
            _Loader(loader, importer, mine).exec_module(module)

        return exec_module

    # How it is found

    def find(self, name: str, path: Sequence[str] | None) -> ModuleSpec | None:
        """As a finder's ``find_spec``."""
        mine = name in self.project
        if not mine:
            if name in fakes.FAKES:
                return self._fake(name)
            if name in policy.ABSENT:
                raise ModuleNotFoundError(policy.ABSENT[name], name=name)
            if policy.is_shared(name):
                return self._shared(name)
            spec = policy.find(name, path, self._finders)
        else:
            spec = self.project.find(name, path)
        if spec is None or policy.is_namespace(spec):
            return spec
        parent, _, child = name.rpartition(".")
        if parent and sys.modules[parent] is self._process[0].get(parent):
            self._guests[name] = sys.modules[parent], child
        spec = copy.copy(spec)  # it may be found again
        if not policy.is_extension(spec):
            spec.loader = _Loader(spec.loader, self, mine)
        elif name.partition(".")[0] in sys.stdlib_module_names:
            return self._shared(name)
        else:
            spec.loader = _Extension(spec.loader)
        return spec

    def _fake(self, name: str) -> ModuleSpec:
        with self._outside():
            module = fakes.make(name, self.kernel)
        return ModuleSpec(name, _Given(module))

    def _shared(self, name: str) -> ModuleSpec | None:
        with self._outside():
            try:
                module = importlib.import_module(name)
            except ModuleNotFoundError as error:
                if error.name == name:
                    return None
                raise
        return ModuleSpec(name, _Given(module), is_package=hasattr(module, "__path__"))


class _Finder:
    """Finds every module of a world."""

    def __init__(self, importer: Importer) -> None:
        self._importer = importer

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        return self._importer.find(name, path)

    def find_distributions(self, *context: object) -> object:
        """For `importlib.metadata`, which asks every finder."""
        metadata: Any = importlib.import_module("importlib.metadata")  # that of the world
        return metadata.MetadataPathFinder.find_distributions(*context)


class _Given(Loader):
    """Loads a module that there is already."""

    def __init__(self, given: ModuleType) -> None:
        self._given = given

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        sys.modules[module.__name__] = self._given
        if getattr(self._given, "__spec__", None) is None:
            self._given.__spec__ = module.__spec__


class _Loader(Loader):
    """Executes a module from source for one world; in all else, the loader that it stands for."""

    def __init__(self, loader: Any, importer: Importer, mine: bool) -> None:
        self._loader = loader
        self._importer = importer
        self._mine = mine

    def __getattr__(self, name: str) -> Any:
        return getattr(vars(self)["_loader"], name)

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        __tracebackhide__ = True
        importer, variables = self._importer, vars(module)
        if self._mine:
            variables.update(importer.globals)
        code = self._code(module.__name__, getattr(module, "__file__", None) or module.__name__)
        variables["__builtins__"] = vars(importer.builtins)
        exec(code, variables)
        if module.__name__ == "ctypes.util":
            module.find_library = importer.find_library  # type: ignore[attr-defined]
        if module.__name__ in importer.told:
            importer.told[module.__name__](module)

    def _code(self, name: str, file: str) -> CodeType:
        if self._mine and os.path.isfile(file):
            with tokenize.open(file) as source:
                return self._importer.compile(source.read(), file)
        if self._mine and (text := self._loader.get_source(name)) is not None:
            return self._importer.compile(text, file)
        code = _codes.get(file)
        if code is None:
            code = _codes[file] = self._loader.get_code(name)
        return code


class _Extension(Loader):
    """Loads a module in C of a package for one world, or has the one of another if it must."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(vars(self)["_loader"], name)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        origin = str(spec.origin)
        try:
            module: ModuleType = self._loader.create_module(spec)
        except ImportError:
            if origin not in _extensions:
                raise
            module = _extensions[origin]
        return module

    def exec_module(self, module: ModuleType) -> None:
        known = _extensions.setdefault(str(module.__spec__ and module.__spec__.origin), module)
        if known is not module or not hasattr(module, "__executed__"):
            self._loader.exec_module(module)
            if known is module:
                vars(module)["__executed__"] = True


def _exchange(modules: dict[str, ModuleType], meta_path: object, path: object) -> None:
    """Let the interpreter have these.

    In one call of C, within which no signal is handled and no other thread runs: there is no moment
    at which it has none.
    """
    steps: tuple[Callable[[], object], ...] = (
        sys.modules.clear,
        partial(sys.modules.update, modules),
        partial(setattr, sys, "meta_path", meta_path),
        partial(setattr, sys, "path", path),
    )
    deque(map(operator.call, steps), 0)


def _import_now(*what: Any) -> object:
    """``__lazy_import__``, but at once, and what cannot be had is refused when it is used."""
    try:
        return __import__(*what)
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


def _refusal(kernel: Kernel, name: str, why: str) -> Callable[..., object]:
    def refuse(*args: object, **kwargs: object) -> object:
        kernel.refuse(f"{name} cannot be simulated: {why}")

    return refuse
