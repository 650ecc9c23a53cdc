"""Operations that are named on a command line: ``FILE.py:CLASS``."""

import importlib
import sys
from pathlib import Path

from threadlab.errors import ProgramError, in_one_line
from threadlab.oracle.operations import Operations, operations_in
from threadlab.simulation.project import importable


def load(spec: str) -> type[Operations]:
    """Import the file as pytest would, and return the class. Raises `ProgramError`.

    ``CLASS`` is a subclass of `Operations`, or the ``TestCase`` of one.
    """
    file, _, name = spec.replace("::", ":").partition(":")
    if not file.endswith(".py"):
        raise ProgramError(f"{spec!r} is not as in FILE.py:CLASS")
    path = Path(file).resolve()
    if not path.is_file():
        raise ProgramError(f"{file}: there is no such file")
    folder, module_name = importable(path)
    sys.path.insert(0, str(folder))
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        raise ProgramError(f"{file} does not load: {in_one_line(error)}") from None
    if Path(getattr(module, "__file__", None) or "").resolve() != path:
        raise ProgramError(f"{file}: there is another module of the name {module_name}")
    found: object = module
    for part in name.split("."):
        found = getattr(found, part, None)
    operations = operations_in(found)
    if operations is None:
        known = sorted(
            key
            for key, value in vars(module).items()
            if operations_in(value) not in (None, Operations)
        )
        there = f"; there are {', '.join(known)}" if known else ""
        if not name:
            raise ProgramError(f"{spec!r} is not as in FILE.py:CLASS{there}")
        if isinstance(found, type):
            what = f"{name} is a class, and which calls it has is for Operations to say"
            made = f'Operations.of({name}, {{"method": []}})'
            raise ProgramError(f"{spec}: {what}, as in OPERATIONS = {made}{there}")
        raise ProgramError(f"{spec}: there are no Operations {name}{there}")
    return operations
