"""What a search has found, as data: for a test, for a report, as JSON."""

import math
import shlex
import traceback
from collections import Counter
from dataclasses import dataclass, field

from threadlab.errors import DataRace, Failure, Interrupted, Unexplained, headline
from threadlab.execution import Execution, mark
from threadlab.program import Program
from threadlab.schedule import Schedule
from threadlab.search.why import Why
from threadlab.simulation.frames import (
    LABORATORY,
    is_own,
    is_program,
    raised_at,
    with_own_frames,
)
from threadlab.simulation.recording.happens_before import Lines, Race

Order = tuple[tuple[tuple[int, ...], str, int], tuple[tuple[int, ...], str, int]]
"""Two lines whose accesses conflict, as they came: the thread's path, file and line, of either."""

Sort = tuple[str, str, str]
"""What two executions that fail in the same way have in common: kind, type and place."""


@dataclass(frozen=True)
class Found:
    """What failed. ``kind`` is exception, deadlock, leak, livelock or race.

    ``location`` is file:line in the code under test; of a deadlock or leak, those of all that had
    not ended. ``error`` is what was raised.
    """

    kind: str
    message: str
    thread: str
    location: str
    error: BaseException

    @classmethod
    def of(cls, error: BaseException, thread: str) -> "Found":
        """What an execution that raised ``error`` in ``thread`` has found.

        Raises ``error`` if that is a defect of the laboratory's own.
        """
        if isinstance(error, Failure):
            places = sorted({place for _, place in error.tasks if place})
            names = ", ".join(name for name, _ in error.tasks)
            message = str(error).partition("\n")[0]
            return cls(error.kind, message, names, " ".join(places), error)
        frames = list(traceback.walk_tb(error.__traceback__))
        # Who recurses without an end may come to it in a step, which is a call.
        if not is_program(frames[-1][0]) and not isinstance(error, RecursionError):
            raise error
        return cls("exception", headline(error), thread, raised_at(error), error)

    @classmethod
    def of_race(cls, race: Race) -> "Found":
        """A race, where that is a failure."""
        kind, _, location = sort_of_race(race.lines)
        message = f"data race on {race.location}"
        return cls(kind, message, race.second.thread, location, DataRace(str(race)))

    @property
    def sort(self) -> Sort:
        """The same for all that fail so, also if the file is loaded anew."""
        place = "" if self.kind == "livelock" else self.location  # it may be caught anywhere
        return self.kind, type(self.error).__qualname__, place

    def is_like(self, other: "Found | None") -> bool:
        """Whether it is the same failure, of another execution."""
        return other is not None and self.sort == other.sort

    def details(self) -> str:
        """For a person: a traceback, or where each thread is."""
        return details(self.error)


def details(error: BaseException) -> str:
    """For a person: the traceback of the code under test, or where each thread is."""
    if isinstance(error, Failure | DataRace):
        return str(error).partition("\n")[2]
    summary = traceback.TracebackException.from_exception(error)
    frames = list(traceback.walk_tb(error.__traceback__))
    del summary.stack[: next((n for n, (frame, _) in enumerate(frames) if is_own(frame)), 0)]
    summary.stack[:] = [f for f in summary.stack if not f.filename.startswith(LABORATORY)]
    return "".join(summary.format()).rstrip()


def sort_of_race(lines: Lines) -> Sort:
    """That of a race at these lines."""
    location = " ".join(sorted(f"{file}:{line}" for file, line in lines))
    return "race", DataRace.__qualname__, location


@dataclass
class Case:
    """One way in which executions of a search fail, and the smallest schedule for it.

    ``first`` is the number of the first that did, in the order of the search, ``strategy`` what
    chose that one, and ``executions`` how many did. ``why`` says which order of accesses makes it
    fail, if executions that were tried bear that out.
    """

    failure: Found
    schedule: Schedule
    stall: float
    strategy: str
    first: int
    executions: int = 1
    why: Why | None = None

    def as_json(self, program: Program) -> dict[str, object]:
        return {
            **_failure_as_json(self.failure),
            "type": type(self.failure.error).__qualname__,
            "schedule": str(self.schedule),
            "stall": round(self.stall, 9),
            "first": self.first,
            "executions": self.executions,
            "why": self.why and self.why.as_json(),
            "again": again(program, self.schedule, self.failure),
        }


def _failure_as_json(failure: Found) -> dict[str, object]:
    return {
        "kind": failure.kind,
        "message": failure.message,
        "thread": failure.thread,
        "location": failure.location,
        **({"calls": failure.error.calls} if isinstance(failure.error, Unexplained) else {}),
    }


@dataclass
class Result:
    """What a search found. ``executions``, ``seconds`` and ``steps`` are those of the search,
    up to and with the failing one, without minimising the schedule.

    ``cases`` are the ways in which executions failed: one at most, unless all were wanted.
    ``schedule`` is the smallest that is known to fail as ``failure`` says, the first of them.
    ``strategy`` is the one that found it. ``exhausted``: nothing was left to try. ``cut_off``
    counts executions that had used up their steps: they have neither failed nor passed.

    ``settings`` are the other arguments that the executions depend on.

    ``stall`` is how long the schedule holds a thread up while time passes, in seconds, and
    ``longest_stall`` how long any might, infinite if that made no difference. ``raced`` says how
    many executions had each of ``races``, if ``every`` failure was wanted.
    """

    program: Program
    strategy: str
    seed: int
    longest_stall: float = math.inf
    executions: int = 0
    seconds: float = 0.0
    steps: int = 0
    distinct: int = 0
    threads: int = 0
    orders: set[Order] = field(default_factory=set)
    exhausted: bool = False
    cut_off: int = 0
    cases: list[Case] = field(default_factory=list)
    races: list[Race] = field(default_factory=list)
    raced: Counter[Lines] = field(default_factory=Counter)
    every: bool = False
    shard: tuple[int, int] = (0, 1)
    settings: dict[str, object] = field(default_factory=dict)

    @property
    def pairs(self) -> tuple[int, int]:
        """How many pairs of lines of two threads conflict, and how many came in both orders."""
        pairs = {frozenset(order) for order in self.orders}
        both = sum(order[0] < order[1] and order[::-1] in self.orders for order in self.orders)
        return len(pairs), both

    @property
    def found(self) -> bool:
        return bool(self.cases)

    @property
    def failure(self) -> Found | None:
        return self.cases[0].failure if self.cases else None

    @property
    def schedule(self) -> Schedule | None:
        return self.cases[0].schedule if self.cases else None

    @property
    def stall(self) -> float:
        return self.cases[0].stall if self.cases else 0.0

    @property
    def why(self) -> Why | None:
        return self.cases[0].why if self.cases else None

    @property
    def again(self) -> str:
        """The command that executes it again as it failed."""
        return again(self.program, self.schedule, self.failure)

    def check(self) -> None:
        """In a test: raise what was found, with what pytest needs to show the execution."""
        __tracebackhide__ = True
        if self.failure is None or self.schedule is None:
            return
        error = self.failure.error
        if not isinstance(error, Exception):  # one that would end the test run
            error = AssertionError(f"{self.failure.kind}: {error!r}")
        simulation, scenario = self.program.load(recording=True)
        mark(error, Execution(simulation, scenario, self.schedule), f"Again: {self.again}")
        raise with_own_frames(error)

    def as_json(self) -> dict[str, object]:
        failure = self.failure
        return {
            "found": self.found,
            "program": str(self.program),
            "shard": f"{self.shard[0] + 1}/{self.shard[1]}",
            "executions": self.executions,
            "seconds": round(self.seconds, 6),
            "steps": self.steps,
            "strategy": self.strategy,
            "seed": self.seed,
            "settings": self.settings,
            "exhausted": self.exhausted,
            "cut_off": self.cut_off,
            "schedule": None if self.schedule is None else str(self.schedule),
            "stall": round(self.stall, 9),
            "failure": failure and _failure_as_json(failure),
            "why": self.why and self.why.as_json(),
            "failures": [case.as_json(self.program) for case in self.cases],
            "races": [
                {
                    "location": race.location,
                    "accesses": [access._asdict() for access in (race.first, race.second)],
                    **({"executions": self.raced[race.lines]} if self.raced else {}),
                }
                for race in self.races
            ],
        }


def again(program: Program, schedule: Schedule | None, failure: Found | None) -> str:
    """The command that executes ``program`` under ``schedule``, and fails so."""
    options = [f"--include={name}" for name in program.include]
    options += ["--daemons=allow"] if program.daemons else []
    options += ["--races=error"] if failure is not None and failure.kind == "race" else []
    words = ["threadlab", *(program.command or ("explore", str(program), *options))]
    mutation = program.mutation
    words += [f"--mutant={mutation.mutant}"] if mutation and mutation.mutant else []
    return f"{' '.join(map(_quoted, words))} --replay {schedule}"


def _quoted(word: str) -> str:
    """For a shell, and to be read: in double quotes if it has single ones."""
    if "'" in word and not set('"$`\\!').intersection(word):
        return f'"{word}"'
    return shlex.quote(word)


class CutShort(Interrupted):
    """Ctrl-C during a search: no result. ``so_far`` is what it knew by then."""

    def __init__(self, so_far: Result) -> None:
        super().__init__()
        self.so_far = so_far
