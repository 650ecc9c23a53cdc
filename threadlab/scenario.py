"""What an execution calls, once the program is loaded: with arguments and an instance of its own.

Arguments come from outside as to another process, pickled. A method is called as pytest and
unittest would call it: on a new instance, which is set up before and torn down after.
"""

import inspect
import io
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from threadlab.errors import ProgramError, headline
from threadlab.simulation.importer import Importer

if TYPE_CHECKING:
    from threadlab.program import Program

UNCARRIED = "%s cannot be carried into a simulated world"

Call = tuple[tuple[object, ...], dict[str, object]]


@dataclass(frozen=True)
class Scenario:
    """What an execution calls: ``function`` of ``module`` in the simulated world of ``importer``.

    ``owner`` is the class of which it is a method; then each execution has a new instance, which is
    set up and torn down as pytest and unittest do. Each has arguments of its own, too.
    """

    function: Callable[..., object]
    owner: type | None
    importer: Importer
    module: ModuleType
    arguments: bytes | None = None

    def with_arguments(self, program: "Program") -> "Scenario":
        """The same, called with those that ``program`` carries. Raises `ProgramError`."""
        scenario = replace(self, arguments=program.arguments)
        try:
            scenario._unpickled()
        except Exception as error:
            what = UNCARRIED % "its arguments"
            raise ProgramError(f"{program}: {what}: {headline(error)}") from None
        return scenario

    def _unpickled(self) -> Call:
        if self.arguments is None:
            return (), {}
        call: Call = _Unpickler(self.arguments, self.importer, self.module).load()
        return call

    def __call__(self) -> object:
        __tracebackhide__ = True
        args, kwargs = self._unpickled()
        if self.owner is None:
            return self.function(*args, **kwargs)
        with _instance(self.owner, self.function.__name__) as owner:
            return self.function(owner, *args, **kwargs)


@contextmanager
def _instance(cls: Any, method: str) -> Iterator[object]:
    """A new one, set up for the test that ``method`` is, and torn down."""
    if hasattr(cls, "doCleanups"):  # of unittest
        instance = cls(method)
        try:
            instance.setUp()
            try:
                yield instance
            finally:
                instance.tearDown()
        finally:
            cleaned = instance.doCleanups()
        if not cleaned:
            raise AssertionError("a cleanup failed")
        return
    instance = cls()
    _set_up_or_down(instance, "setup_method", method)
    try:
        yield instance
    finally:
        _set_up_or_down(instance, "teardown_method", method)


def _set_up_or_down(instance: object, name: str, method: str) -> None:
    function = getattr(instance, name, None)
    if function is not None:  # which takes the method, if it likes
        function(*[getattr(instance, method)] * len(inspect.signature(function).parameters))


class _Unpickler(pickle.Unpickler):
    """Finds classes and functions in the simulated world."""

    def __init__(self, pickled: bytes, importer: Importer, program: ModuleType) -> None:
        super().__init__(io.BytesIO(pickled))
        self._importer = importer
        self._program = program

    def find_class(self, module_name: str, name: str) -> Any:
        # The program's module may have another name where it was pickled: __main__, say.
        file = getattr(sys.modules.get(module_name), "__file__", None)
        if file is not None and Path(file).resolve() == Path(self._program.__file__ or ""):
            found: Any = self._program
        else:
            found = self._importer.module(module_name)
        for part in name.split("."):
            found = getattr(found, part)
        return found
