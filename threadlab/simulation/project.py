"""The project at hand: which modules get steps, and where they are found.

That is decided by where a module is found, as Python would find it: outside of the standard
library, of what is installed, and of the laboratory itself. So a program that stands in a folder
of tests is explored with the package that it tests, installed in place or not at all.
"""

import site
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_file_location
from pathlib import Path

from threadlab.simulation import policy
from threadlab.simulation.frames import LABORATORY

MARKS = ("pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "pytest.ini", ".git")
"""What the root folder of a project holds one of."""


class Project:
    """The modules ``names`` are of it whatever they are, and are looked for in ``folders`` alone.

    Any other is looked for in ``folders``, then where Python looks, then in ``others``. Those that
    are named in ``include``, and what is in them, are of it as well, wherever they are found.
    ``files`` has those of modules whose name alone does not lead there.
    """

    def __init__(
        self,
        names: Iterable[str],
        folders: Sequence[str],
        others: Sequence[str] = (),
        include: Sequence[str] = (),
        files: Mapping[str, str] = {},  # which nobody changes
    ) -> None:
        self._folders = list(folders)
        self._others = list(others)
        self._files = files
        self._include = tuple(f"{name}." for name in include)
        self._known = dict.fromkeys(names, True)
        self._given = set(self._known)
        self._specs: dict[str, ModuleSpec | None] = {}
        self._finders = list(sys.meta_path)
        self._foreign = _foreign()

    def __contains__(self, name: str) -> bool:
        """Whether the module ``name`` is of the project, which is that of its topmost package."""
        if self._include and f"{name}.".startswith(self._include):
            return True
        top = name.partition(".")[0]
        known = self._known.get(top) if top else False
        if known is None:
            known = self._known[top] = top not in sys.stdlib_module_names and self._is_mine(top)
        return known

    def path(self, path: Sequence[str]) -> list[str]:
        """`sys.path` for the project, where it is ``path`` for others."""
        return [*self._folders, *(entry for entry in path if entry not in self._folders)]

    def find(self, name: str, path: Sequence[str] | None) -> ModuleSpec | None:
        """The module ``name`` of a package with this ``path``; or, without one, of the project."""
        if name in self._files:
            return spec_from_file_location(name, self._files[name])
        if path is not None:
            return policy.find(name, path, self._finders)
        if name in self._given:
            return PathFinder.find_spec(name, self._folders)
        if name not in self._specs:
            self._specs[name] = self._look_for(name)
        return self._specs[name]

    def _look_for(self, name: str) -> ModuleSpec | None:
        here = PathFinder.find_spec(name, self._folders)
        if here is None or policy.is_namespace(here):
            elsewhere = policy.find(name, None, self._finders)
            if here is None or (elsewhere is not None and not policy.is_namespace(elsewhere)):
                here = elsewhere
        return here or PathFinder.find_spec(name, self._others)

    def _is_mine(self, top: str) -> bool:
        spec = self.find(top, None)
        if spec is None:
            return False
        if policy.is_namespace(spec):
            places = list(spec.submodule_search_locations or ())
        elif spec.has_location and str(spec.origin).endswith(".py"):
            places = [str(spec.origin)]
        else:
            return False
        return all(map(self.holds, places))

    def holds(self, place: str) -> bool:
        """Whether what stands at this path is of the project."""
        path = Path(place).resolve()
        return not any(path.is_relative_to(folder) for folder in self._foreign)


def importable(file: Path) -> tuple[Path, str]:
    """The folder to import ``file`` from, and its dotted name there: in a package, a part of it."""
    parts = [] if file.stem == "__init__" else [file.stem.replace(".", "_")]
    folder = file.parent
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    return folder, ".".join(parts)


def names_in(folder: Path) -> set[str]:
    """The modules and packages that stand in ``folder``, and are what is imported by their names.

    A folder without ``__init__.py`` is that only if nothing else is.
    """
    files = (path for path in folder.iterdir() if path.suffix == ".py")
    packages = (path.parent for path in folder.glob("*/__init__.py"))
    return {path.stem for path in (*files, *packages)} - set(sys.builtin_module_names)


def root_of(folder: Path) -> Path | None:
    """The root folder of the project that ``folder`` is in."""
    for root in (folder, *folder.parents):
        if any((root / mark).exists() for mark in MARKS):
            return root
    return None


def _foreign() -> list[Path]:
    """The folders of what is no project: the standard library, what is installed, ourselves."""
    paths = sysconfig.get_paths()
    # Where scripts are installed is on the path of a script from there, such as pytest.
    installed = ("stdlib", "platstdlib", "purelib", "platlib", "scripts")
    folders = [paths[name] for name in installed]
    folders += [*site.getsitepackages(), site.getusersitepackages(), LABORATORY]
    return [Path(folder).resolve() for folder in folders]
