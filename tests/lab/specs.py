"""How the programs in ``programs/`` are named to the laboratory: ``FILE.py:FUNCTION``."""

from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"


def program(name: str, function: str = "scenario") -> str:
    """Of a program by its path in ``programs/``, without the suffix."""
    path = PROGRAMS / f"{name}.py"
    assert path.is_file(), path
    return f"{path}:{function}"


def names(folder: str) -> list[str]:
    """The programs in a folder of ``programs/``; what they share begins with an underscore."""
    return sorted(path.stem for path in (PROGRAMS / folder).glob("[!_]*.py"))


CONSTRUCTS = names("constructs")


def construct(name: str, *, sound: bool = False) -> str:
    return program(f"constructs/{name}", "sound" if sound else "broken")
