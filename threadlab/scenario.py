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
from functools import cached_property, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from threadlab.errors import ProgramError, headline
from threadlab.simulation.importer import Importer
from threadlab.xunit import OF_A_FUNCTION, set_up

UNCARRIED = "%s cannot be carried into a simulated world (%s); make it in the body of the test"

Call = tuple[tuple[object, ...], dict[str, object], dict[str, object]]


class Carried(NamedTuple):
    """What comes from outside of the simulated world.

    ``arguments`` are pickled: positional, by keyword, and attributes of the instance that fixtures
    have set; ``left`` are those attributes that cannot be pickled.
    """

    arguments: bytes = pickle.dumps(((), {}, {}))
    left: tuple[str, ...] = ()


NOTHING = Carried()


@dataclass(frozen=True)
class Scenario:
    """What an execution calls: ``function`` of ``module`` in the simulated world of ``importer``.

    ``program`` and ``name`` are what it is called, with its file and alone. ``owner`` is the class
    that it is in, if it is in one; ``is_method``: it is called on a new instance of that. Each
    execution has its set-ups and arguments anew.
    """

    program: str
    name: str
    function: Callable[..., object]
    owner: type | None
    is_method: bool
    importer: Importer
    module: ModuleType
    carried: Carried = NOTHING

    def called_with(self, carried: Carried) -> "Scenario":
        """The same, called with those. Raises `ProgramError` if they make no sense there."""
        scenario = replace(self, carried=carried)
        try:
            scenario._unpickled()
        except Exception as error:
            what = UNCARRIED % ("its arguments", headline(error))
            raise ProgramError(f"{self.program}: {what}") from None
        return scenario

    @cached_property
    def _is_plain(self) -> bool:
        """Whether there is nothing to set up or to carry, as in most programs."""
        names = {*vars(self.module)}
        return self.carried is NOTHING and self.owner is None and names.isdisjoint(OF_A_FUNCTION)

    def _unpickled(self) -> Call:
        call: Call = _Unpickler(self.carried.arguments, self.importer, self.module).load()
        return call

    def __call__(self) -> object:
        __tracebackhide__ = True
        if self._is_plain:
            return self.function()
        args, kwargs, attributes = self._unpickled()
        with ExitStack() as stack:
            instance = set_up(stack, self.module, self.owner, self.name)
            if not self.is_method:
                return self.function(*args, **kwargs)
            own = vars(instance)
            for attribute, value in attributes.items():
                own.setdefault(attribute, value)
            for attribute in self.carried.left:
                if attribute not in own:
                    what = UNCARRIED % (f"self.{attribute}", "it cannot be pickled")
                    raise ProgramError(f"{self.program}: {what}, or in setup_method")
            return self.function(instance, *args, **kwargs)


@lru_cache(maxsize=256)  # at each execution
def _resolved(file: str) -> str:
    return str(Path(file).resolve())


class _Unpickler(pickle.Unpickler):
    """Finds classes and functions in the simulated world."""

    def __init__(self, pickled: bytes, importer: Importer, program: ModuleType) -> None:
        super().__init__(io.BytesIO(pickled))
        self._importer = importer
        self._program = program

    def find_class(self, module_name: str, name: str) -> Any:
        # The program's module may have another name where it was pickled: __main__, say.
        file = getattr(sys.modules.get(module_name), "__file__", None)
        if file is not None and _resolved(file) == (self._program.__file__ or ""):
            found: Any = self._program
        else:
            found = self._importer.load(module_name)
        for part in name.split("."):
            found = getattr(found, part)
        return found
