"""Bugs that were reported, in packages as they were installed then, and in the standard library.

``python -m tests.libraries`` explores each scenario with the version that has the bug, where it
must be found at the lines that were fixed, and with the one that has not, where nothing must be.
A scenario uses its package as its documentation says, from two or three threads.
"""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
EXECUTIONS = 200
"""Of each search: what finds the bug is what finds nothing when it is fixed."""


class Library(NamedTuple):
    """``package`` in two versions; of Python itself, a module, if ``is_standard``."""

    name: str
    """The scenario's file is of this name, with an underscore behind it."""
    package: str
    broken: str
    fixed: str
    report: str
    kind: str
    happens: str
    """What a user sees of it."""
    token: str
    lines: tuple[str, ...]
    """``FILE:LINE`` or ``FILE:LINE-LINE``, in the broken version, of what the fix has changed."""
    include: tuple[str, ...]
    needs: tuple[str, ...] = ()
    """Packages that it imports."""
    is_standard: bool = False

    @property
    def scenario(self) -> str:
        folder = "stdlib/" if self.is_standard else ""
        return f"{FOLDER.parent.name}/{FOLDER.name}/{folder}{self.name}_.py:scenario"

    @property
    def title(self) -> str:
        return f"{self.package} {self.broken}"


def _github(project: str, number: int) -> str:
    return f"https://github.com/{project}/issues/{number}"


LIBRARIES = (
    Library(
        name="pykka",
        package="pykka",
        broken="4.2.0",
        fixed="4.4.1",
        report=_github("jodal/pykka", 232),
        kind="lost wake-up",
        happens="Of two threads that ask a future for its result, one waits for ever.",
        token="-",
        lines=("_threading.py:58-59",),
        include=("pykka",),
        needs=("typing_extensions==4.16.0",),
    ),
    Library(
        name="statsd",
        package="statsd",
        broken="2.0.3",
        fixed="3.0.1",
        report="https://github.com/jsocol/pystatsd/blob/master/CHANGES",
        kind="shared state",
        happens="A timer that decorates a function measures calls of two threads from one start.",
        token="-",
        lines=("client.py:21-34",),
        include=("statsd",),
    ),
    Library(
        name="icontract",
        package="icontract",
        broken="2.3.0",
        fixed="2.3.2",
        report=_github("Parquery/icontract", 136),
        kind="shared state",
        happens="While one thread checks a precondition, another calls the function unchecked.",
        token="16.1,18.1",
        lines=("_checkers.py:328-348",),
        include=("icontract",),
        needs=("asttokens==3.0.0", "six==1.17.0"),
    ),
    Library(
        name="pyee",
        package="pyee",
        broken="7.0.4",
        fixed="8.2.2",
        report=_github("jfhbrook/pyee", 76),
        kind="check, then act",
        happens="`emit` fails in one of two threads, as the other has removed what listens once.",
        token="34.1,40.1",
        lines=("_base.py:120-140",),
        include=("pyee",),
    ),
    Library(
        name="urllib3",
        package="urllib3",
        broken="1.26.15",
        fixed="1.26.18",
        report=_github("urllib3/urllib3", 1252),
        kind="closed while in use",
        happens="A pool is closed while a thread uses it, as another thread asks another host.",
        token="22.1,181.1",
        lines=("poolmanager.py:174",),
        include=("urllib3.poolmanager", "urllib3.connectionpool", "urllib3._collections"),
    ),
    Library(
        name="loguru",
        package="loguru",
        broken="0.6.0",
        fixed="0.7.3",
        report=_github("Delgan/loguru", 712),
        kind="deadlock by re-entrancy",
        happens="A thread that logs while a sink of its own logger runs waits for itself.",
        token="-",
        lines=("_handler.py:171",),
        include=("loguru._handler", "loguru._logger"),
    ),
    Library(
        name="tqdm",
        package="tqdm",
        broken="4.23.0",
        fixed="4.64.1",
        report=_github("tqdm/tqdm", 754),
        kind="check, then act",
        happens="The bars of two threads get the same line of the screen.",
        token="78.1,79+1.1",
        lines=("_tqdm.py:846",),
        include=("tqdm",),
    ),
    Library(
        name="functools",
        package="Python",
        broken="3.11.7",
        fixed="3.12.1",
        report=_github("python/cpython", 87634),
        kind="deadlock by order",
        happens="Two objects whose cached properties need each other's class wait for ever.",
        token="17.1,21.1",
        lines=("functools.py:997-1009",),
        include=("functools",),
        is_standard=True,
    ),
    Library(
        name="importlib",
        package="Python",
        broken="3.12.1",
        fixed="3.13.0",
        report=_github("python/cpython", 114763),
        kind="check, then act",
        happens="A module that is imported lazily is used by a thread before it has been loaded.",
        token="38.1,40.1,62.1",
        lines=("util.py:171-205",),
        include=("importlib.util",),
        is_standard=True,
    ),
    Library(
        name="shutil",
        package="Python",
        broken="3.12.1",
        fixed="3.13.0",
        report=_github("python/cpython", 37260),
        kind="check, then act",
        happens="`rmtree` fails, as another thread has removed a file that it has listed.",
        token="6.1,55.1",
        lines=("shutil.py:640-720",),
        include=("shutil",),
        is_standard=True,
    ),
    Library(
        name="sysconfig",
        package="Python",
        broken="3.11.7",
        fixed="3.12.1",
        report=_github("python/cpython", 92452),
        kind="half made",
        happens="A thread that asks for a variable gets none while another collects them.",
        token="16.1,18.1",
        lines=("sysconfig.py:629-690",),
        include=("sysconfig",),
        is_standard=True,
    ),
)
