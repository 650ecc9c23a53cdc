"""Bugs that were reported in public, each as a pair of small scripts.

A search is judged by the bugs that it finds in code that people run. The programs of the yardstick
are those of a study; these are what projects and CPython have had, in our own words and code, and
reduced to what matters. A folder is a bug: ``broken.py`` has it, and says in its docstring where
it was reported; ``fixed.py`` has not, and is the same script otherwise, so that their difference
is the fix. A bug is tested and measured by being here.
"""

import ast
import importlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.benchmarks.yardstick.parts import Parts

FOLDER = Path(__file__).parent

KINDS = (
    "lost update",
    "check then act",
    "lost wake-up",
    "deadlock by order",
    "deadlock by join",
    "order of shutdown",
    "timer or daemon that outlives its owner",
    "iteration during change",
    "re-entrancy from a finaliser or signal handler",
    "weak references",
    "future set twice",
    "timeout",
)

SAYS = re.compile(
    r"^Report: (?P<report>(?s:.+?))\nVersions: (?P<versions>.+)\nKind: (?P<kind>.+)\n"
    r"Found: (?P<found>.+)\nToken: (?P<token>.+)\Z",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Bug:
    """``report`` has the project, the number and the address, ``versions`` those that had it,
    ``kind`` is one of `KINDS`. ``found`` is the kind of failure, with the type of an exception,
    and ``token`` the shortest schedule that shows it.
    """

    name: str
    report: str
    versions: str
    kind: str
    found: str
    token: str

    @property
    def spec(self) -> str:
        return f"{FOLDER / self.name / 'broken.py'}:scenario"

    @property
    def sound_spec(self) -> str:
        return f"{FOLDER / self.name / 'fixed.py'}:scenario"

    @property
    def exception(self) -> str:
        """The name of its type, or nothing."""
        return self.found.partition(" ")[2]

    @cached_property
    def parts(self) -> Parts | None:
        """For a tool that starts the threads itself; none if the main thread has a part in it."""
        return getattr(importlib.import_module(f"{__name__}.{self.name}.broken"), "PARTS", None)


def _bug(folder: Path) -> Bug:
    text = (folder / "broken.py").read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text)) or ""
    says = SAYS.search(docstring)
    assert says is not None, f"{folder.name}/broken.py does not say where it is from"
    return Bug(folder.name, **says.groupdict())


BUGS = {path.parent.name: _bug(path.parent) for path in sorted(FOLDER.glob("*/broken.py"))}
