"""What an execution calls, once the program is loaded: with arguments and an instance of its own.

Arguments come from outside as to another process, pickled. A method is called as pytest and
unittest would call it: on a new instance, which is set up before and torn down after.
"""

import io
import pickle
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from threadlab.errors import ProgramError, headline
from threadlab.simulation.importer import Importer
from threadlab.xunit import set_up

if TYPE_CHECKING:
    from threadlab.program import Program

UNCARRIED = "%s cannot be carried into a simulated world (%s); make it in the body of the test"

Call = tuple[tuple[object, ...], dict[str, object], dict[str, object]]


@dataclass(frozen=True)
class Scenario:
    """What an execution calls: ``function`` of ``module`` in the simulated world of ``importer``.

    ``owner`` is the class that it is in, if it is in one; ``is_method``: it is called on a new
    instance of that. Each execution has its set-ups and arguments anew. ``program`` is what it was
    loaded for.
    """

    program: "Program"
    function: Callable[..., object]
    owner: type | None
    is_method: bool
    importer: Importer
    module: ModuleType

    def with_arguments(self, program: "Program") -> "Scenario":
        """The same, called with those that ``program`` carries. Raises `ProgramError`."""
        scenario = replace(self, program=program)
        try:
            scenario._unpickled()
        except Exception as error:
            what = UNCARRIED % ("its arguments", headline(error))
            raise ProgramError(f"{program}: {what}") from None
        return scenario

    def _unpickled(self) -> Call:
        if self.program.arguments is None:
            return (), {}, {}
        call: Call = _Unpickler(self.program.arguments, self.importer, self.module).load()
        return call

    def __call__(self) -> object:
        __tracebackhide__ = True
        args, kwargs, attributes = self._unpickled()
        name = self.program.qualname.rpartition(".")[2]
        with ExitStack() as stack:
            instance = set_up(stack, self.module, self.owner, name)
            if not self.is_method:
                return self.function(*args, **kwargs)
            own = vars(instance)
            for attribute, value in attributes.items():
                own.setdefault(attribute, value)
            for attribute in self.program.left:
                if attribute not in own:
                    what = UNCARRIED % (f"self.{attribute}", "it cannot be pickled")
                    raise ProgramError(f"{self.program}: {what}, or in setup_method")
            return self.function(instance, *args, **kwargs)


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
