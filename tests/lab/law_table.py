"""The tables of laws in ``tests/README.md``; ``python -m tests.lab.law_table`` renews them.

A law's tests are found by their names, and their worlds by their arguments: a test that takes
its world as an argument runs in each. The races that it catches are those that name it.
"""

import ast
from pathlib import Path

from tests import laws
from tests.lab import gallery
from tests.properties import WORLDS

TESTS = Path(__file__).parents[1]
LAWS = laws.read(TESTS / "contract.md")
README = TESTS / "README.md"


def rows() -> list[tuple[str, str, str]]:
    """Law, test and worlds, for each property, in the order of the contract."""
    found = [
        (law, f"{path.stem}::{function.name}", worlds_of(function))
        for path in sorted((TESTS / "properties").glob("test_*.py"))
        for function in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(function, ast.FunctionDef) and (law := laws.of_test(function.name))
    ]
    return sorted(found, key=lambda row: list(LAWS).index(row[0]))


def worlds_of(function: ast.FunctionDef) -> str:
    if any(argument.arg == "world" for argument in function.args.args):
        return ", ".join(WORLDS)
    return "real"


def races() -> dict[str, list[str]]:
    """The races that each law catches, in the order of the contract."""
    caught: dict[str, list[str]] = {law: [] for law in LAWS}
    for race in gallery.races():
        caught[race.law].append(race.name)
    return caught


def replaced(text: str, name: str, new: str) -> str:
    """``text`` with ``new`` between the marks called ``name``."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    head, rest = text.split(begin)
    _old, tail = rest.split(end)
    return head + begin + new + end + tail


def updated(text: str) -> str:
    """``text`` with the tables between the marks as they should be."""
    table = ["| law | property | worlds |", "| --- | --- | --- |"]
    table += [f"| {law} | `{test}` | {worlds} |" for law, test, worlds in rows()]
    table += ["", "| law | races that it catches |", "| --- | --- |"]
    for law, names in races().items():
        links = ", ".join(f"[{name}](races/{name}.py)" for name in names)
        table.append(f"| {law} | {links} |")
    return replaced(text, "laws", "\n".join(table) + "\n")


if __name__ == "__main__":
    README.write_text(updated(README.read_text(encoding="utf-8")), encoding="utf-8")
