"""The code under test: how it is named, found on disk, and loaded into a simulated world.

A program is never imported for real: it may well hang there. It is loaded anew from its file, so
what is handed to it from outside, the arguments of a test, is carried over as to another process.
What is called there, once it is loaded, is a `Scenario`.
"""

import ast
import inspect
import os
import pickle
import re
import sys
import tokenize
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from threadlab.errors import CannotSimulate, Interrupted, ProgramError, headline, in_one_line
from threadlab.scenario import NOTHING, UNCARRIED, Carried, Scenario
from threadlab.schedule import Delay, Schedule
from threadlab.simulation import policy
from threadlab.simulation.instrument.mutants import Mutant, marks
from threadlab.simulation.interruption import interruptible
from threadlab.simulation.kernel import Kernel
from threadlab.simulation.mutation import Mutation
from threadlab.simulation.project import Project, importable, names_in, root_of
from threadlab.simulation.simulation import Simulation

FORMS = "FILE.py:FUNCTION, FILE.py:CLASS.METHOD or PACKAGE.MODULE:FUNCTION"

ACTING = (
    *("_pytest.cacheprovider", "_pytest.capture", "_pytest.fixtures", "_pytest.logging"),
    *("_pytest.monkeypatch", "_pytest.recwarn", "_pytest.tmpdir", "hypothesis."),
)
"""Modules whose objects act on the process, so that a copy would be of no use."""


@dataclass(frozen=True)
class Program:
    """A function or a method in a file. As a string it is ``FILE.py:QUALNAME``.

    ``folder`` is what a relative ``file`` is relative to: the present folder, which the program may
    leave. ``module`` is the name to import the file by, if that is how it was given, and ``base``
    the folder to import it from. ``command`` is how it is given on a command line, where that is
    not as a string. ``include`` has names of modules and packages that get steps
    though they are not of the project at hand. ``daemons``: daemon threads may be left running at
    its end, as they may when a process ends. ``carried`` is what it is called with; see
    `carrying`. ``mutation`` says what is left out of it; see `without`.
    """

    file: str
    qualname: str
    module: str = ""
    base: str = field(default="", repr=False)
    include: tuple[str, ...] = ()
    daemons: bool = False
    command: tuple[str, ...] = field(default=(), repr=False)
    folder: str = field(default_factory=os.getcwd, repr=False, compare=False)
    carried: Carried | None = field(default=None, repr=False)
    mutation: Mutation | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        if self.module:
            return f"{self.module}:{self.qualname}"
        file = os.path.relpath(self.file) if os.path.isabs(self.file) else self.file
        return f"{self.file if file.startswith(os.pardir) else file}:{self.qualname}"

    @classmethod
    def parse(cls, spec: str) -> "Program":
        """The program that ``spec`` names: ``FILE.py:FUNCTION``, ``FILE.py:CLASS.METHOD``, or with
        ``::`` in place of each separator, as pytest has it; or with a module's name for a file.
        Raises `ProgramError`.

        >>> str(Program.parse("test_shop.py::TestShop::test_sale"))
        'test_shop.py:TestShop.test_sale'
        """
        match = re.fullmatch(r"(.*\.py|[^:]*)(?:::?(.*))?", spec, re.DOTALL)
        assert match is not None
        place, function = match.groups()
        qualname = (function or "").replace("::", ".")
        if not qualname:
            raise ProgramError(f"{spec}: which function? What to explore is given as {FORMS}")
        for name in qualname.split("."):
            if not name.isidentifier():
                raise ProgramError(f"{spec}: {name!r} is not the name of a function; give {FORMS}")
        if place.endswith(".py"):
            return cls(place, qualname)
        if Path(place).exists() or not all(name.isidentifier() for name in place.split(".")):
            raise ProgramError(
                f"{spec}: {place!r} is neither a Python file nor a module; give {FORMS}"
            )
        file, base = _module(place)
        return cls(file, qualname, place, base)

    @classmethod
    def of(cls, function: Callable[..., object]) -> "Program":
        """The program that ``function`` is, which must be found by its name in its file.

        Raises `ProgramError`.
        """
        body = body_of(inspect.unwrap(body_of(function)))
        code = getattr(body, "__code__", None)
        if code is None or not all(name.isidentifier() for name in code.co_qualname.split(".")):
            raise ProgramError(
                f"{function!r} is neither a function of a module nor a method of a class there"
            )
        return cls(code.co_filename, code.co_qualname)

    def including(self, names: Sequence[str]) -> "Program":
        """This program, with steps in the modules and packages ``names`` as well.

        Raises `ProgramError` if there is no such module.
        """
        for name in names:
            if not all(part.isidentifier() for part in name.split(".")):
                raise ProgramError(f"{self}: {name!r} is not the name of a module")
            if not any(policy.is_namespace(spec) for spec in _specs(name)):
                _module(name)
        return replace(self, include=(*self.include, *names)) if names else self

    def without(self, mutant: Mutant | str) -> "Program":
        """This program, out of which ``mutant`` leaves something.

        Raises `ProgramError` if there is nothing of the kind, and `ValueError` for no name of one.
        """
        mutant = Mutant.parse(mutant) if isinstance(mutant, str) else mutant
        try:
            with tokenize.open(mutant.file) as source:
                found = {mark.mutant for mark in marks(ast.parse(source.read()), mutant.file)}
        except (OSError, SyntaxError) as error:
            raise ProgramError(f"{self}: {in_one_line(error)}") from None
        kind = "notify_all" if mutant.kind == "one" else mutant.kind
        if mutant._replace(kind=kind) not in found:
            raise ProgramError(f"{self}: no mutant {mutant}: there is no {kind} in that line")
        return replace(self, mutation=Mutation(mutant))

    def carrying(
        self,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        attributes: Mapping[str, object] = {},  # which nobody changes
    ) -> "Program":
        """This program, called with these arguments, or copies of them: each execution has its own.

        Of the ``attributes`` of the instance, which fixtures may have set, those that can be
        pickled are carried, too. Raises `ProgramError` for an argument that cannot.
        """
        named = [*enumerate(args, 1), *kwargs.items()]
        for name, value in named:
            if _acts(value):
                raise self._not_carried(name, value, "it acts on the process")
        carried = {
            name: value
            for name, value in attributes.items()
            if not _acts(value) and not _unpicklable(value)
        }
        left = tuple(name for name in attributes if name not in carried)
        try:
            arguments = pickle.dumps((tuple(args), dict(kwargs), carried))
        except Exception as error:  # only now each by itself: this is done for each example
            for name, value in named:
                if why := _unpicklable(value):
                    raise self._not_carried(name, value, why) from None
            what = UNCARRIED % ("its arguments", headline(error))
            raise ProgramError(f"{self}: {what}") from None
        return replace(self, carried=Carried(arguments, left))

    def _not_carried(self, name: object, value: object, why: str) -> ProgramError:
        kind = type(value)
        what = f"argument {name}, of type {kind.__module__}.{kind.__qualname__},"
        return ProgramError(f"{self}: {UNCARRIED % (what, why)}")

    def refuse_delays_left(self, left: Sequence[Delay]) -> None:
        """Raise `ProgramError` if there are any: what a schedule asked for and nothing came of.

        An execution under it that has not failed says nothing.
        """
        if left:
            token = Schedule(left[:1])
            raise ProgramError(
                f"{self}: the schedule does not fit: its delay {token} never came; "
                "is it of other code, or has the code changed?"
            )

    def load(self, *, recording: bool, kernel: Kernel | None = None) -> tuple[Simulation, Scenario]:
        """A new simulated world, and this program in it. Raises `ProgramError`."""
        path = Path(self.folder, self.file).resolve()
        if not path.is_file():
            raise ProgramError(f"{self.file}: there is no such file")
        # In a package it is loaded as a part of that, so that it may import the rest of it.
        folder, module_name = importable(path)
        if self.module:
            folder, module_name = Path(self.base), self.module
        try:
            # What stands beside a file is of the same project, wherever it is; not so in a package.
            beside = set() if self.module or "." in module_name else names_in(folder)
            project = _project(folder, module_name, path, beside, self.include)
            simulation = Simulation(
                project, recording=recording, kernel=kernel, mutation=self.mutation
            )
            simulation.kernel.daemons = self.daemons
        except CannotSimulate as error:
            raise ProgramError(f"{self.file}: {error}") from None
        with interruptible(), quiet(simulation.kernel), simulation.importer.in_place():
            try:
                module = simulation.load(module_name)
            except SyntaxError as error:
                where = f"{error.filename or self.file}:{error.lineno}"
                raise ProgramError(f"{where}: {type(error).__name__}: {error.msg}") from None
            except CannotSimulate as error:
                raise ProgramError(f"{self.file}: {error}") from None
            except Interrupted:
                raise
            except BaseException as error:
                raise ProgramError(f"{self.file} does not load: {in_one_line(error)}") from None
            function, owner, is_method = self._find(module)
            name = self.qualname.rpartition(".")[2]
            importer = simulation.importer
            scenario = Scenario(str(self), name, function, owner, is_method, importer, module)
            return simulation, scenario.called_with(self.carried or NOTHING)

    def _find(self, module: ModuleType) -> tuple[Callable[..., object], type | None, bool]:
        """The function, the class that it is in, and whether it needs an instance of that."""
        *classes, name = self.qualname.split(".")
        owner: Any = module
        for part in classes:
            owner = getattr(owner, part, None)
            if not isinstance(owner, type):
                raise ProgramError(f"{self}: there is no class {part}")
        found = getattr(owner, name, None)
        function = body_of(found)
        if function is None:
            raise ProgramError(f"{self}: there is no function {name}")
        if isinstance(function, type):
            raise ProgramError(f"{self}: {name} is a class; a method of it is {self}.METHOD")
        if not callable(function):
            raise ProgramError(f"{self}: {name} is not a function")
        if _is_patched_outside(found):
            raise ProgramError(
                f"{self}: a mock.patch above @interleaved acts on this process, not on the "
                "simulated world; put it below"
            )
        if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
            raise ProgramError(f"{self}: {name} is a generator or a coroutine; a call runs nothing")
        is_method = bool(classes) and isinstance(inspect.getattr_static(owner, name), FunctionType)
        if self.carried is None:
            try:
                inspect.signature(function, follow_wrapped=False).bind(*[owner] * is_method)
            except TypeError as error:
                raise ProgramError(f"{self}: {name} must do without arguments: {error}") from None
            except ValueError:  # one without a signature
                pass
        return function, owner if classes else None, is_method


def _acts(value: object) -> bool:
    return type(value).__module__.startswith(ACTING)


def _unpicklable(value: object) -> str:
    """Why ``value`` cannot be pickled; empty if it can."""
    try:
        pickle.dumps(value)
    except Exception as error:
        return headline(error)
    return ""


def _is_patched_outside(function: Any) -> bool:
    """Whether a ``mock.patch`` stands above ``@interleaved``, where no execution gets to."""
    above = getattr(function, "__interleaved__", None)
    while above is not None and (below := getattr(function, "__wrapped__", None)) is not above:
        if below is None:
            return False
        if hasattr(function, "patchings"):
            return True
        function = below
    return False


def body_of(thing: Any) -> Any:
    """What is below the decorators of Hypothesis and of ours, which would explore it or run it."""
    while isinstance(function := getattr(thing, "__func__", thing), FunctionType):
        body = getattr(function, "__interleaved__", None)
        if body is None:
            body = getattr(getattr(function, "hypothesis", None), "inner_test", None)
        if body is None:
            break
        thing = body if function is thing else body.__get__(thing.__self__)
    return thing


def _project(
    folder: Path, module_name: str, file: Path, beside: set[str], include: Sequence[str]
) -> Project:
    """That of the module ``module_name`` in ``file``, which is imported from ``folder``."""
    root = root_of(folder)
    others = [] if root is None else [str(root), str(root / "src")]
    names = {module_name.partition(".")[0]} | beside
    return Project(names, [str(folder)], others, include, {module_name: str(file)})


def _module(name: str) -> tuple[str, str]:
    """File of the module ``name`` and the folder to import it from. Raises `ProgramError`.

    It is looked for where ``python -m`` would, and in a folder ``src``; nothing is imported.
    """
    for spec in _specs(name):
        if str(spec.origin).endswith(".py"):
            file = Path(str(spec.origin)).resolve()
            above = name.count(".") + (file.name == "__init__.py")
            return str(file), str(file.parents[above])
    raise ProgramError(f"{name}: there is no such module in a Python file")


def _specs(name: str) -> Iterator[ModuleSpec]:
    """What is found by the name of a module, first as ``python -m`` has it."""
    here = str(Path.cwd())
    path = [here, *(entry for entry in sys.path if entry), os.path.join(here, "src")]
    top, *rest = name.split(".")
    for finder in (PathFinder, *sys.meta_path):
        find: Any = getattr(finder, "find_spec", None)
        spec: ModuleSpec | None = find and find(top, path if finder is PathFinder else None)
        for part in rest:
            places = None if spec is None else spec.submodule_search_locations
            # By its last name alone: for the whole one, its packages would have to be imported.
            spec = None if places is None else PathFinder.find_spec(part, list(places))
        if spec is not None:
            yield spec


class _NoInput:
    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def __getattr__(self, name: str) -> object:
        self._kernel.refuse(f"sys.stdin.{name} cannot be simulated: it is standard input")


@contextmanager
def quiet(kernel: Kernel) -> Iterator[None]:
    """Within the block, nothing is printed, and ``kernel`` refuses to have standard input read."""
    before, sys.stdin = sys.stdin, _NoInput(kernel)
    try:
        with open(os.devnull, "w") as sink, redirect_stdout(sink), redirect_stderr(sink):
            yield
    finally:
        sys.stdin = before
