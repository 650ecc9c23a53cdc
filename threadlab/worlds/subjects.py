"""The implementation under test: a module by name, or a file or package by path."""

import importlib
import importlib.metadata
import os
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from threadlab.errors import SubjectError, in_one_line
from threadlab.simulation.project import importable, names_in


@dataclass(frozen=True)
class Subject:
    """``names`` are those of the names asked for that the module offers, in their order.

    With ``folder`` on its path, any interpreter can import the module by its name.
    """

    spec: str
    module: ModuleType
    folder: Path
    by_path: bool
    version: str
    names: tuple[str, ...]

    @classmethod
    def load(cls, spec: str, names: Collection[str]) -> "Subject":
        """Import ``spec``: a module's name, or the path of a Python file or of a package's folder.

        A file is imported by its own name, from its own folder, or as a part of the package that
        it stands in, so that its siblings, and other processes, import it as it does.
        Raises `SubjectError` if there is no such module, if it fails to import, or if it offers
        none of ``names``.
        """
        by_path = spec.endswith(".py") or os.sep in spec
        folder, name = _locate(spec) if by_path else (Path.cwd(), spec)
        if not all(part.isidentifier() for part in name.split(".")):
            raise SubjectError(f"subject {spec!r}: {name!r} is not the name of a module")
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
        module = _import(spec, name)
        if by_path:
            _refuse_namesake(spec, folder, module)
        try:
            offered = tuple(name for name in names if hasattr(module, name))
        except Exception as error:  # from a __getattr__ of the module
            raise SubjectError(f"subject {spec!r}: {in_one_line(error)}") from None
        if not offered:
            raise SubjectError(f"subject {spec!r} offers none of {', '.join(names)}")
        return cls(spec, module, folder, by_path, _version(module), offered)

    def own_names(self) -> set[str]:
        """The top names that are part of it: its own, and those beside a file."""
        own = {self.module.__name__.partition(".")[0]}
        return own | names_in(self.folder) if self.by_path else own


def _locate(spec: str) -> tuple[Path, str]:
    """The folder to import from, and the dotted name. Raises `SubjectError`."""
    path = Path(spec).resolve()
    try:
        exists = path.exists()
    except OSError:  # a name that is too long, say
        exists = False
    if not exists:
        raise SubjectError(f"subject {spec!r}: there is no such file")
    if path.is_dir():
        if not (path / "__init__.py").exists():
            raise SubjectError(f"subject {spec!r}: a folder without __init__.py is not a package")
        path = path / "__init__.py"
    if path.suffix != ".py" or "." in path.stem:
        raise SubjectError(f"subject {spec!r} is not a Python file that can be imported")
    return importable(path)


def _import(spec: str, name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(error.name + ".")):
            raise SubjectError(f"subject {spec!r}: there is no module {error.name!r}") from None
        raise SubjectError(f"subject {spec!r} does not import: {in_one_line(error)}") from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise SubjectError(f"subject {spec!r} does not import: {in_one_line(error)}") from None


def _refuse_namesake(spec: str, folder: Path, module: ModuleType) -> None:
    file = getattr(module, "__file__", None)
    if file is None or folder not in Path(file).resolve().parents:
        raise SubjectError(
            f"subject {spec!r} has the name of another module, {module.__name__!r}; rename it"
        )


def _version(module: ModuleType) -> str:
    version = getattr(module, "__version__", None)
    if isinstance(version, str):
        return version
    try:
        return importlib.metadata.version(module.__name__)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return "without a version"
