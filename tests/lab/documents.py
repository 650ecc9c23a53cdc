"""Does what the documents show: writes their files, runs their commands, compares what they print.

A document is a small project. A block whose first line is ``# name.py`` is that file, and a later
one of the same name replaces it. In a block ``console`` each line after a ``$`` is a command, and
what follows is what it prints, in which a line ``...`` stands for any number of lines. Commands in
blocks of another kind are not run. With ``RENEW=1`` what a document says is written anew, with as
many lines before, between and after its ``...`` as it had.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from threadlab.cli import main

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
WORDS = "\n## Words that we do not use\n"
FILE = re.compile(r"# ([\w/]+\.py)\n")


def paths() -> list[Path]:
    """All documents that a reader of the project is shown."""
    pages = sorted(path for path in (ROOT / "docs").rglob("*.md") if path.parent.name != "changes")
    return [ROOT / "README.md", *pages]


def texts() -> Iterator[tuple[Path, str]]:
    """What has to be in the words of the glossary: the documents, and the code of both packages."""
    documents = [*paths(), ROOT / "CONTRIBUTING.md", *(ROOT / "tests").glob("**/README.md")]
    code = [*(ROOT / "threadlab").rglob("*.py"), *(ROOT / "threadprims").rglob("*.py")]
    for path in [*documents, *code, ROOT / "conftest.py"]:
        yield path.relative_to(ROOT), path.read_text("utf-8").partition(WORDS)[0]


def names() -> list[str]:
    """The documents that show commands with what they print."""
    return [str(path.relative_to(ROOT)) for path in paths() if "```console\n" in path.read_text()]


def done(path: Path, folder: Path) -> str:
    """The text of the document as it would be if all that it shows were so.

    ``folder`` is where its files are written, and where its commands run.
    """

    def block(match: re.Match[str]) -> str:
        kind, text = match.groups()
        _write_file(text, folder)
        if kind != "console":
            return match[0]
        return f"```console\n{''.join(_transcript(text, folder))}```"

    return BLOCK.sub(block, path.read_text("utf-8"))


def write_files(path: Path, folder: Path) -> None:
    """Write the files of the document alone."""
    for _kind, text in BLOCK.findall(path.read_text("utf-8")):
        _write_file(text, folder)


def _write_file(text: str, folder: Path) -> None:
    if file := FILE.match(text):
        target = folder / file[1]
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _transcript(text: str, folder: Path) -> Iterator[str]:
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
        yield f"$ {command}\n"
        lines = shown.splitlines()
        blank = bool(lines) and not lines[-1]  # between two commands
        yield from fitted(lines[: len(lines) - blank], _printed(command, folder))
        if blank:
            yield "\n"


def fitted(shown: list[str], printed: list[str]) -> Iterator[str]:
    """The lines of ``printed``, with a ``...`` wherever a document leaves some out.

    What stands between two of them is found by its first line.
    """
    parts: list[list[str]] = [[]]
    for line in shown:
        if line == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    first, *others = parts
    kept = printed[: len(first)] if others else printed
    for number, part in enumerate(others, 1):
        begin = len(printed) - len(part)
        if number < len(others):
            begin = printed.index(part[0])
        kept = [*kept, "...", *printed[begin : begin + len(part)]]
    yield from (f"{line}\n" for line in kept)


def _printed(command: str, folder: Path) -> list[str]:
    program, *arguments = shlex.split(command)
    text = _PROGRAMS[program](arguments, folder)
    text = re.sub(r"(?<=in )\d+\.\d\d(?= ?s\b)", "0.00", text)
    lines = [line.rstrip() for line in text.splitlines()]
    return [line for line in lines if not re.fullmatch(r" +[~^]+", line)]


def _threadlab(arguments: list[str], folder: Path) -> str:
    path, modules = [*sys.path], {*sys.modules}
    with redirect_stdout(StringIO()) as out:
        try:
            main(arguments)
        finally:
            sys.path[:] = path
            for name in {*sys.modules} - modules:
                if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
                    del sys.modules[name]
    return out.getvalue()


def _python(arguments: list[str], folder: Path) -> str:
    command = [sys.executable, *arguments]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False, env=env
    )
    return run.stdout


def _pytest(arguments: list[str], folder: Path) -> str:
    return _python(["-m", "pytest", "-p", "no:cacheprovider", *arguments], folder)


_PROGRAMS: dict[str, Callable[[list[str], Path], str]] = {
    "threadlab": _threadlab,
    "python": _python,
    "pytest": _pytest,
}
