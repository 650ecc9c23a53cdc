"""What a module imports, read from its code, against `modulefinder`, which takes it apart."""

import sysconfig
from inspect import CO_OPTIMIZED
from modulefinder import ModuleFinder
from pathlib import Path
from types import CodeType

import pytest

from threadlab.simulation.imports import Import, imports_of

STDLIB = Path(sysconfig.get_path("stdlib"))


def read(source):
    return list(imports_of(compile(source, "x.py", "exec", dont_inherit=True)))


def taken_apart(code):
    for kind, what in ModuleFinder().scan_opcodes(code):
        if kind == "absolute_import":
            names, name = what
            yield Import(name, tuple(names or ()), 0)
        elif kind == "relative_import":
            level, names, name = what
            yield Import(name, tuple(names or ()), level)
    for constant in code.co_consts:
        if isinstance(constant, CodeType) and not constant.co_flags & CO_OPTIMIZED:
            yield from taken_apart(constant)


@pytest.mark.parametrize("folder", [".", "asyncio", "concurrent/futures", "multiprocessing"])
def test_of_the_standard_library_it_is_the_same(folder):
    files = sorted((STDLIB / folder).glob("*.py"))
    assert files
    for file in files:
        code = compile(file.read_bytes(), str(file), "exec", dont_inherit=True)
        assert list(imports_of(code)) == list(taken_apart(code)), file


def test_what_a_function_imports_is_not_imported_with_the_module():
    assert read("def f():\n    import a\nclass C:\n    import b\n    def g(self): import c") == [
        Import("b", (), 0)
    ]


def test_however_it_is_written():
    source = """
import a.b as c, d
from . import e
from ..f import g as h, i
try: import j
except ImportError: pass
"""
    assert read(source) == [
        Import("a.b", (), 0),
        Import("d", (), 0),
        Import("", ("e",), 1),
        Import("f", ("g", "i"), 2),
        Import("j", (), 0),
    ]


def test_among_more_names_than_a_byte_counts():
    """From 256 on, an argument needs a second instruction."""
    names = [f"name_{n}" for n in range(600)]
    source = "\n".join(f"{name} = '{name}'\nimport m{name}" for name in names)
    assert [imported.name for imported in read(source)] == [f"m{name}" for name in names]
