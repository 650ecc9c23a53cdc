"""Loads a script to study: ``FILE.py:FUNCTION``, in a simulated world of its own.

The script is never imported for real: it may well hang there.
"""

import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from threadlab.simulation.importer import CannotSimulate
from threadlab.simulation.simulation import Simulation
from threadlab.worlds.subjects import in_one_line, locate, names_in

Scenario = Callable[[], object]


class ScriptError(Exception):
    """A script that cannot be explored; the message is one line for the user."""


def load(spec: str, *, recording: bool) -> tuple[Simulation, Scenario]:
    """The function that ``spec`` names, and the simulated world that it is of.

    Raises `ScriptError`.
    """
    file, colon, name = spec.rpartition(":")
    path = Path(file).resolve()
    if not colon or path.suffix != ".py" or not name.isidentifier():
        raise ScriptError(f"{spec}: what to explore is given as FILE.py:FUNCTION")
    if not path.is_file():
        raise ScriptError(f"{file}: there is no such file")
    if not path.stem.isidentifier():
        raise ScriptError(f"{file}: {path.stem!r} is not the name of a module")
    # In a package it is loaded as a part of that, so that it may import the rest of it.
    root, module_name = locate(str(path))
    own = names_in(path.parent) | {module_name.partition(".")[0]}
    folders = [str(path.parent), str(root)]
    simulation = Simulation(own, folders, recording=recording)
    with first_on_path(path.parent), quiet():
        try:
            module = simulation.load(module_name)
        except SyntaxError as error:
            where = f"{error.filename or file}:{error.lineno}"
            raise ScriptError(f"{where}: {type(error).__name__}: {error.msg}") from None
        except CannotSimulate as error:
            raise ScriptError(f"{file}: {error}") from None
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise ScriptError(f"{file} does not load: {in_one_line(error)}") from None
    return simulation, _function(spec, getattr(module, name, None), name)


def _function(spec: str, function: object, name: str) -> Scenario:
    if function is None:
        raise ScriptError(f"{spec}: there is no function {name}")
    if not callable(function):
        raise ScriptError(f"{spec}: {name} is no function")
    if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
        raise ScriptError(f"{spec}: {name} is no plain function; calling it runs nothing")
    try:
        inspect.signature(function).bind()
    except TypeError as error:
        raise ScriptError(f"{spec}: {name} must do without arguments: {error}") from None
    except ValueError:  # one without a signature
        pass
    return function


@contextmanager
def first_on_path(folder: Path) -> Iterator[None]:
    """Within the block, modules are looked for in ``folder`` first."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        if str(folder) in sys.path:
            sys.path.remove(str(folder))


class _NoInput:
    def __getattr__(self, name: str) -> object:
        raise CannotSimulate(f"sys.stdin.{name} cannot be simulated: it is standard input")


@contextmanager
def quiet() -> Iterator[None]:
    """Within the block, nothing is printed, and standard input refuses to be read."""
    with open(os.devnull, "w") as sink, redirect_stdout(sink), redirect_stderr(sink), _no_input():
        yield


@contextmanager
def _no_input() -> Iterator[None]:
    before, sys.stdin = sys.stdin, _NoInput()
    try:
        yield
    finally:
        sys.stdin = before
