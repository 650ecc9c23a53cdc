"""Which programs there are, and where: for the benchmark, for its peers and for the tests."""

from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.yardstick import (
    account,
    arithmetic_prog,
    bluetooth_driver,
    bounded_buffer,
    carter01,
    circular_buffer,
    deadlock01,
    din_phil,
    fsbench,
    lazy01,
    phase01,
    philosophers,
    qsort_mt,
    queue_,
    reorder,
    rwlock,
    safestack,
    stack,
    stringbuffer,
    sync01,
    sync02,
    token_ring,
    twostage,
    work_steal_queue,
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


def _named(file: str, name: str, bad: Parts, sound: Parts) -> Program:
    return Program(FOLDER / file, name, f"{name}_sound", bad, sound)


def _several(
    file: str, name: str, bad: dict[int, Parts], sound: dict[int, Parts]
) -> dict[str, Program]:
    return {f"{name}{n}": _named(file, f"{name}{n}", bad[n], sound[n]) for n in bad}


PROGRAMS = {
    "account": _one("account.py", account.BAD, account.SOUND),
    "arithmetic_prog": _one("arithmetic_prog.py", arithmetic_prog.BAD, arithmetic_prog.SOUND),
    "bluetooth_driver": _one("bluetooth_driver.py", bluetooth_driver.BAD, bluetooth_driver.SOUND),
    "bounded_buffer": _one("bounded_buffer.py", bounded_buffer.BAD, bounded_buffer.SOUND),
    "carter01": _one("carter01.py", carter01.BAD, carter01.SOUND),
    "circular_buffer": _one("circular_buffer.py", circular_buffer.BAD, circular_buffer.SOUND),
    "deadlock01": _one("deadlock01.py", deadlock01.BAD, deadlock01.SOUND),
    **_several("din_phil.py", "din_phil", din_phil.BAD, din_phil.SOUND),
    "fsbench": _one("fsbench.py", fsbench.BAD, fsbench.SOUND),
    "lazy01": _one("lazy01.py", lazy01.BAD, lazy01.SOUND),
    "phase01": _one("phase01.py", phase01.BAD, phase01.SOUND),
    **_several("philosophers.py", "philosophers", philosophers.BAD, philosophers.SOUND),
    "qsort_mt": _one("qsort_mt.py", qsort_mt.BAD, qsort_mt.SOUND),
    "queue": _one("queue_.py", queue_.BAD, queue_.SOUND),
    **_several("reorder.py", "reorder_", reorder.BAD, reorder.SOUND),
    "rwlock": _one("rwlock.py", rwlock.BAD, rwlock.SOUND),
    "safestack": _one("safestack.py", safestack.BAD, safestack.SOUND),
    "stack": _one("stack.py", stack.BAD, stack.SOUND),
    "state_work_steal_queue": _named(
        "work_steal_queue.py",
        "state_work_steal_queue",
        work_steal_queue.STATE_BAD,
        work_steal_queue.STATE_SOUND,
    ),
    "stringbuffer": _one("stringbuffer.py", stringbuffer.BAD, stringbuffer.SOUND),
    "sync01": _one("sync01.py", sync01.BAD, sync01.SOUND),
    "sync02": _one("sync02.py", sync02.BAD, sync02.SOUND),
    "token_ring": _one("token_ring.py", token_ring.BAD, token_ring.SOUND),
    "twostage": _one("twostage.py", twostage.BAD, twostage.SOUND),
    **_several("twostage.py", "twostage_", twostage.MANY_BAD, twostage.MANY_SOUND),
    "work_steal_queue": _one("work_steal_queue.py", work_steal_queue.BAD, work_steal_queue.SOUND),
    "wronglock": _one("wronglock.py", wronglock.BAD, wronglock.SOUND),
    "wronglock_3": _named("wronglock.py", "wronglock_3", wronglock.BAD_3, wronglock.SOUND_3),
}

BESIDE = {"bounded_buffer"} | {name for name in PROGRAMS if name.startswith("philosophers")}
"""Those that are not of the study."""

SLOW = {"reorder_100", "twostage_100"}
"""Those of a hundred threads, whose executions take some milliseconds."""

HARD = "safestack"
"""The one that nobody needs to find within the executions of the study."""
