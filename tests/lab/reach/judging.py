"""What comes of a script: is it left in peace, is its race found, does anything get out?"""

from dataclasses import dataclass, field
from time import perf_counter

from tests.lab.reach import Script
from tests.lab.reach.escapes import escapes
from threadlab.errors import ThreadlabError
from threadlab.search.explore import explore
from threadlab.search.result import Result

SOUND, RACY = 300, 2_000
"""Executions of a search in which nothing must be found, and in which something must."""


@dataclass
class Verdict:
    """``sound`` and ``racy`` say what fell short, and are empty where all is well. ``found`` is in
    which execution, ``token`` under which schedule, and ``out`` what got out to real threads.
    """

    sound: str = ""
    racy: str = ""
    found: int = 0
    token: str = ""
    out: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        return not (self.sound or self.racy or self.out)

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
        verdict.racy = f"{racy.failure.kind} in the ordinary run: {racy.failure.message}"
    else:
        verdict.found, verdict.token = racy.executions, str(racy.schedule)
    verdict.out = sorted(out)
    verdict.seconds = perf_counter() - begin
    return verdict


def _explore(spec: str, executions: int) -> Result | str:
    try:
        return explore(spec, executions=executions)
    except ThreadlabError as error:
        return str(error)
