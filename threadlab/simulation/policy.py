"""Which modules of a simulated world are fakes, from source, or the process's own.

The rule is in the opening of `importer`. Here is what it takes to apply it, and the few names
for which it must bend.
"""

import importlib.machinery
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import CodeType

from threadlab.simulation.imports import imports_of
from threadlab.simulation.modules import FAKES

ABSENT = {
    "_asyncio": "its futures and tasks are those of asyncio, in C; without it they are in Python",
    "_queue": "its SimpleQueue blocks for real; without it queue has one in Python",
}
"""Modules of C that the standard library can do without, and has the same in Python."""

OF_THE_LABORATORY = {"_hypothesis_pytestplugin", "_pytest", "greenlet", "hypothesis", "pytest"}
OF_THE_LABORATORY |= {__name__.partition(".")[0]}
"""What makes the executions, and is the process's own whatever it imports."""

OF_THE_INTERPRETER = {
    *("_frozen_importlib", "_frozen_importlib_external", "zipimport"),
    *("importlib._bootstrap", "importlib._bootstrap_external"),
}
"""What imports, of which there is one, though it reads files."""

ONCE = {"numpy"}
"""Packages that refuse to be loaded a second time in a process, in Python or in C."""

_leads: dict[str, bool] = {}
"""Whether modules of the standard library lead to a fake, as far as it is known."""


def is_shared(name: str) -> bool:
    """Whether the module ``name``, which is not of the project, is the process's own."""
    top = name.partition(".")[0]
    if top in OF_THE_LABORATORY or top in ONCE or name in OF_THE_INTERPRETER:
        return True
    return top in sys.stdlib_module_names and not _leads_to_a_fake(name)


def is_source(spec: ModuleSpec) -> bool:
    """Whether it has code of Python, be it in a file, in an archive, or frozen."""
    return hasattr(spec.loader, "get_code") and not is_extension(spec)


def is_namespace(spec: ModuleSpec) -> bool:
    """Whether it is a package without a file of its own."""
    return not spec.has_location and spec.submodule_search_locations is not None


def is_extension(spec: ModuleSpec) -> bool:
    """Whether it is written in C."""
    return spec.origin == "built-in" or str(spec.origin).endswith(
        tuple(importlib.machinery.EXTENSION_SUFFIXES)
    )


def find(name: str, path: Sequence[str] | None, finders: Sequence[object]) -> ModuleSpec | None:
    """The module ``name``, as Python finds it; where it has the choice, in a file.

    Not by pytest, which would rewrite what it finds.
    """
    if name in sys.builtin_module_names:
        return importlib.machinery.BuiltinImporter.find_spec(name)
    spec = PathFinder.find_spec(name, path)
    for finder in finders:
        if spec is None and not type(finder).__module__.startswith("_pytest"):
            look = getattr(finder, "find_spec", None)
            spec = None if look is None else look(name, path)
    return spec


def _leads_to_a_fake(name: str) -> bool:
    """Whether importing ``name`` imports a fake, by itself or by what it imports."""
    seen: set[str] = set()
    rest = [name]
    while rest:
        one = rest.pop()
        if one in seen:
            continue
        seen.add(one)
        known = False if one in OF_THE_INTERPRETER else _leads.get(one)
        if known or one in FAKES or one in ABSENT:
            _leads[name] = True
            return True
        if known is None:
            rest.extend(_imported_by(one))
    _leads.update(dict.fromkeys(seen, False))
    return False


def _imported_by(name: str) -> Iterator[str]:
    """What the import of ``name`` imports first, and then itself."""
    parent = name.rpartition(".")[0]
    if parent:
        yield parent
    spec = _spec(name)
    if spec is None or not is_source(spec):
        return
    code = spec.loader.get_code(name)  # type: ignore[union-attr]  # is_source has asked
    package = name if spec.submodule_search_locations is not None else parent
    if isinstance(code, CodeType):
        for imported in imports_of(code):
            target = imported.name
            if imported.level:
                base = package.rsplit(".", imported.level - 1)[0]
                target = f"{base}.{target}" if target else base
            yield target
            for child in imported.names:
                if f"{target}.{child}" in FAKES or _spec(f"{target}.{child}") is not None:
                    yield f"{target}.{child}"


def _spec(name: str) -> ModuleSpec | None:
    """That of a module of the standard library; none if there is no such module."""
    parent_name = name.rpartition(".")[0]
    if not parent_name:
        return find(name, None, [importlib.machinery.FrozenImporter])
    parent = _spec(parent_name)
    if parent is None or parent.submodule_search_locations is None:
        return None
    return PathFinder.find_spec(name, list(parent.submodule_search_locations))
