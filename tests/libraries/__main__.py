"""Installs the packages, each version in a folder of its own, and explores the scenarios.

    python -m tests.libraries                  all; a row each
    python -m tests.libraries tqdm shutil      these, and what is shown of an execution that fails
    python -m tests.libraries --folder=DIR     where versions are installed, and left there

The exit status is 0 if each bug is found in the broken version, at the lines of the fix and under
the token of the table, and nothing is found in the other.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.libraries import EXECUTIONS, FOLDER, LIBRARIES, Library

ROOT = FOLDER.parents[1]
ASKED = "import sys, site; print(sys.version.split()[0], site.getusersitepackages())"


class Place(NamedTuple):
    """A Python, and where it finds the version of a package."""

    python: str
    environment: dict[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.libraries",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="as in the table")
    parser.add_argument("--folder", type=Path, help="for what is installed; kept")
    options = parser.parse_args(arguments)
    unknown = {*options.names} - {library.name for library in LIBRARIES}
    if unknown:
        parser.error(f"no library is called {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as temporary:
        installed = options.folder or Path(temporary)
        chosen = [one for one in LIBRARIES if not options.names or one.name in options.names]
        wrong = [judged(one, installed.resolve(), bool(options.names)) for one in chosen]
    print(f"{wrong.count(False)} of {len(wrong)} are found where they were fixed")
    return int(any(wrong))


def judged(library: Library, installed: Path, shows: bool) -> bool:
    """Explore both versions, print a row, and say whether anything is not as it should be."""
    begin = time.monotonic()
    places = [place(library, version, installed) for version in (library.broken, library.fixed)]
    missing = [
        v for v, at in zip((library.broken, library.fixed), places, strict=True) if at is None
    ]
    if missing:
        print(f"{library.title:26} skipped: Python {', '.join(missing)} is not installed")
        return False
    broken, fixed = (explored(library, at) for at in places if at is not None)
    said = [*wrong_with(library, broken, fixed)]
    found = f"{broken.get('executions', 0):5} executions  {broken.get('schedule')!s:24}"
    seconds = time.monotonic() - begin
    print(f"{library.title:26} {found} {seconds:5.1f} s  {'; '.join(said) or 'found, fixed'}")
    if shows:
        print(broken["shown"])
    sys.stdout.flush()
    return bool(said)


def wrong_with(library: Library, broken: dict[str, Any], fixed: dict[str, Any]) -> Iterator[str]:
    if not broken.get("found"):
        yield f"nothing found in {library.broken}: {last_line(broken)}"
        return
    if broken["schedule"] != library.token:
        yield f"the token is {broken['schedule']}, not {library.token}"
    if not any(is_in(told, fix) for told in told_by(broken) for fix in library.lines):
        yield f"not at the lines of the fix, but at {', '.join(sorted(told_by(broken)))}"
    if fixed.get("found", True):
        yield f"found in {library.fixed}, too: {last_line(fixed)}"


def told_by(explored: dict[str, Any]) -> set[str]:
    """The lines that the report names: where it fails, by way of what, and data races."""
    races = [access for race in explored["races"] for access in race["accesses"]]
    told = {frame.split()[0] for access in races for frame in access["stack"]}
    for location in explored["failure"]["location"].split():
        told.add(Path(location).name)
    for frame in re.findall(r'File "([^"]+)", line (\d+)', explored["shown"]):
        told.add(f"{Path(frame[0]).name}:{frame[1]}")
    return told


def is_in(told: str, fix: str) -> bool:
    """Whether ``FILE:LINE`` is of the range ``FILE:LINE-LINE``."""
    (file, line), (fixed, lines) = told.split(":"), fix.split(":")
    first, _, last = lines.partition("-")
    return file == fixed and int(first) <= int(line) <= int(last or first)


def last_line(explored: dict[str, Any]) -> str:
    return str(explored["shown"].strip().rpartition("\n")[2])


def explored(library: Library, at: Place) -> dict[str, Any]:
    """What ``threadlab explore --json`` says, and as ``shown`` all that it prints before."""
    command = [at.python, "-P", "-m", "threadlab", "explore", library.scenario, "--json"]
    command += [f"--executions={EXECUTIONS}", *(f"--include={name}" for name in library.include)]
    done = subprocess.run(command, cwd=ROOT, env=at.environment, capture_output=True, text=True)
    shown, _, last = done.stdout.rstrip().rpartition("\n")
    if not last.startswith("{"):
        return {"shown": done.stdout + done.stderr}
    return {**json.loads(last), "shown": shown}


def place(library: Library, version: str, installed: Path) -> Place | None:
    if library.is_standard:
        return place_of_python(version, installed)
    base = installed / f"{library.package}-{version}"
    environment = os.environ | {"PYTHONUSERBASE": str(base)}  # what is there counts as installed
    _, folder = asked(sys.executable, environment)
    if not Path(folder).is_dir():
        for wanted in (f"{library.package}=={version}", *library.needs):
            install(sys.executable, "--no-deps", f"--target={folder}", wanted)
    return Place(sys.executable, environment | {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"})


def place_of_python(version: str, installed: Path) -> Place | None:
    """That of this version which is on the path, with what the laboratory needs."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    if version == platform.python_version():
        return Place(sys.executable, environment)
    own = installed / f"python-{version}"
    python = str(own / "bin" / "python")
    if not own.is_dir():
        there = shutil.which(f"python{version.rpartition('.')[0]}")
        chosen = environment | {"PYENV_VERSION": version}  # what a shim of pyenv goes by
        if there is None or asked(there, chosen)[:1] != [version]:
            return None
        subprocess.run([there, "-m", "venv", str(own)], check=True, env=chosen)
        install(python, "greenlet", "hypothesis", "rich")
    return Place(python, environment)


def asked(python: str, environment: dict[str, str]) -> list[str]:
    """Its version, and where it looks for what its user has installed; nothing if it is none."""
    done = subprocess.run([python, "-c", ASKED], env=environment, capture_output=True, text=True)
    return done.stdout.rstrip().split(maxsplit=1)


def install(python: str, *what: str) -> None:
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
    subprocess.run(command, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
