"""What comes of a script: is it left in peace, is its race found, does anything get out?"""

from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from tests.lab.reach import Script
from tests.lab.reach.escapes import escapes
from threadlab.errors import ThreadlabError
from threadlab.search.explore import explore
from threadlab.search.result import Found, Result

SOUND, RACY = 300, 2_000
"""Executions of a search in which nothing must be found, and in which something must."""

TOKENS = Path(__file__).parents[1] / "expected" / "reach-tokens.txt"
"""A line for each script, as `Verdict.line` has it."""


@dataclass
class Verdict:
    """``sound`` and ``racy`` say what fell short, and are empty where all is well. The race was
    ``found`` in which execution, under which ``token``, as what ``kind`` of failure and at which
    ``place``; ``out`` is what got out to real threads.
    """

    sound: str = ""
    racy: str = ""
    found: int = 0
    token: str = "?"
    kind: str = "?"
    place: str = "?"
    out: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        return not (self.sound or self.racy or self.out)

    def line(self, script: Script) -> str:
        """What must be the same in every process, and on every Python."""
        return f"{script.name} {self.token} {self.kind} {self.place}"

    def __str__(self) -> str:
        said = [f"scenario: {self.sound}"] * bool(self.sound)
        said += [f"racy: {self.racy}"] * bool(self.racy)
        said += [f"gets out: {', '.join(self.out)}"] * bool(self.out)
        return "; ".join(said) or "holds"


def judge(script: Script, executions: int = SOUND) -> Verdict:
    """Explore both functions of ``script``."""
    verdict, begin = Verdict(), perf_counter()
    with escapes() as out:
        sound = _explore(script.spec("scenario"), executions)
        racy = _explore(script.spec("racy"), RACY)
    if isinstance(sound, str):
        verdict.sound = sound
    elif sound.failure is not None:
        verdict.sound = f"{sound.failure.kind} under {sound.schedule}: {sound.failure.message}"
    if isinstance(racy, str):
        verdict.racy = racy
    elif racy.failure is None:
        verdict.racy = f"nothing found in {racy.executions}"
    elif not racy.schedule:
        verdict.racy = f"{racy.failure.kind} in the default run: {racy.failure.message}"
    else:
        verdict.found, verdict.token = racy.executions, str(racy.schedule)
        verdict.kind, verdict.place = racy.failure.kind, place_of(racy.failure)
    verdict.out = sorted(out)
    verdict.seconds = perf_counter() - begin
    return verdict


def place_of(failure: Found) -> str:
    """Files and lines, without folders."""
    return ",".join(Path(place).name for place in failure.location.split())


def _explore(spec: str, executions: int) -> Result | str:
    try:
        return explore(spec, executions=executions)
    except ThreadlabError as error:
        return str(error)


def kept_lines() -> dict[str, list[str]]:
    """What is kept of each script: the token, the kind of failure and its place."""
    rows = (line.split() for line in TOKENS.read_text(encoding="utf-8").splitlines())
    return {name: rest for name, *rest in rows}
