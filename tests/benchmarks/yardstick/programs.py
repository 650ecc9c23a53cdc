"""Which programs there are, and where: for the benchmark, for its peers and for the tests."""

from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.yardstick import (
    account,
    arithmetic_prog,
    carter01,
    deadlock01,
    din_phil,
    fsbench,
    lazy01,
    phase01,
    philosophers,
    queue_,
    reorder,
    stack,
    sync01,
    sync02,
    token_ring,
    twostage,
    wronglock,
)
from tests.benchmarks.yardstick.parts import Parts

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Program:
    """A program and its mended version: the names of functions in ``file``, and their parts."""

    file: Path
    function: str
    sound_function: str
    parts: Parts
    sound_parts: Parts

    @property
    def spec(self) -> str:
        return f"{self.file}:{self.function}"

    @property
    def sound_spec(self) -> str:
        return f"{self.file}:{self.sound_function}"


def _one(file: str, bad: Parts, sound: Parts) -> Program:
    return Program(FOLDER / file, "scenario", "sound", bad, sound)


def _several(
    file: str, name: str, bad: dict[int, Parts], sound: dict[int, Parts]
) -> dict[str, Program]:
    return {
        f"{name}{n}": Program(FOLDER / file, f"{name}{n}", f"{name}{n}_sound", bad[n], sound[n])
        for n in bad
    }


PROGRAMS = {
    "account": _one("account.py", account.BAD, account.SOUND),
    "arithmetic_prog": _one("arithmetic_prog.py", arithmetic_prog.BAD, arithmetic_prog.SOUND),
    "carter01": _one("carter01.py", carter01.BAD, carter01.SOUND),
    "deadlock01": _one("deadlock01.py", deadlock01.BAD, deadlock01.SOUND),
    **_several("din_phil.py", "din_phil", din_phil.BAD, din_phil.SOUND),
    "fsbench": _one("fsbench.py", fsbench.BAD, fsbench.SOUND),
    "lazy01": _one("lazy01.py", lazy01.BAD, lazy01.SOUND),
    "phase01": _one("phase01.py", phase01.BAD, phase01.SOUND),
    **_several("philosophers.py", "philosophers", philosophers.BAD, philosophers.SOUND),
    "queue": _one("queue_.py", queue_.BAD, queue_.SOUND),
    **_several("reorder.py", "reorder_", reorder.BAD, reorder.SOUND),
    "stack": _one("stack.py", stack.BAD, stack.SOUND),
    "sync01": _one("sync01.py", sync01.BAD, sync01.SOUND),
    "sync02": _one("sync02.py", sync02.BAD, sync02.SOUND),
    "token_ring": _one("token_ring.py", token_ring.BAD, token_ring.SOUND),
    "twostage": _one("twostage.py", twostage.BAD, twostage.SOUND),
    "wronglock": _one("wronglock.py", wronglock.BAD, wronglock.SOUND),
}

BESIDE = {name for name in PROGRAMS if name.startswith("philosophers")}
"""Those that are not of the study."""
