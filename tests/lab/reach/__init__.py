"""The reach of the laboratory: what people write with threads, and how much of it can be explored.

The other programs of these tests are made for the laboratory. These are not: they use the standard
library and installed packages as anybody does, and are laid out as projects are. Each has a
``scenario`` that is sound, on real threads as under every schedule, and a function ``racy``, the
same with a mistake in the script's own lines that few schedules show. So a script asks three
questions: does it run at all in the simulated world, is a sound program left in peace, and is a
race found? And while it is explored, nothing may get out to real threads, clocks and sockets
(`tests.lab.reach.escapes`), since a search that does not rule these proves nothing.

A script is tested by being here. In a layout, it is the file that has a ``scenario``. What is
imported and neither of the standard library nor beside the script is a package that it needs.
"""

import ast
import importlib.util
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FOLDER = Path(__file__).parent
GROUPS = ("stdlib", "packages", "layouts")


@dataclass(frozen=True)
class Script:
    """A ``file`` of a ``group``, which has its name or, in a layout, that of its folder."""

    group: str
    file: Path

    @property
    def name(self) -> str:
        place = self.file.relative_to(FOLDER / self.group)
        return f"{self.group}/{place.parts[0].removesuffix('.py')}"

    def spec(self, function: str) -> str:
        return f"{self.file}:{function}"

    @cached_property
    def missing(self) -> list[str]:
        """The packages that it needs and that are not installed."""
        if self.group != "packages":
            return []
        imported = set()
        for node in ast.walk(ast.parse(self.file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).partition(".")[0])
        needed = imported - sys.stdlib_module_names
        return sorted(name for name in needed if importlib.util.find_spec(name) is None)


def _scripts() -> list[Script]:
    return [
        Script(group, file)
        for group in GROUPS
        for file in sorted((FOLDER / group).rglob("*.py"))
        if re.search(r"^def scenario\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]


SCRIPTS = {script.name: script for script in _scripts()}
