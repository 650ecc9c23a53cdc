"""What is each lock for? Leaves it out, and searches for a schedule under which that is noticed.

A test passes with its locks; whether it would fail without one of them, nobody knows. So one thing
after the other is left out: a lock, a notification, a join. A *mutant* is the program without it.
One that no execution shows to be wrong is no proof: it is needless, or not tested.

What is taken for a lock is what the program, as it is, used as one; see
`threadlab.simulation.mutation`, also for what just it means that a lock is left out.
"""

import linecache
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from threadlab.errors import ProgramError
from threadlab.program import Program
from threadlab.schedule import STALL
from threadlab.search.explore import Watcher, explore, program_of
from threadlab.search.result import Result
from threadlab.simulation.instrument.mutants import KINDS, Mutant
from threadlab.simulation.kernel import Kernel
from threadlab.simulation.mutation import STEPS, Mutation

EXECUTIONS = 1000

LONGER = 100
"""Times as many steps as the program takes as it is: a mutant that takes more does not end."""

LEAST = 20_000
"""Steps that each may take in any case."""

Outcome = Literal["failure", "race", "survived", "unreached", "refused"]


@dataclass(frozen=True)
class Verdict:
    """What became of one mutant. ``text`` is the line as it stands, ``change`` what is done to it.

    ``outcome``: it was noticed by a ``failure``, or by nothing but a data ``race``; it has
    ``survived``; the scenario never comes there, ``unreached``; or it cannot be explored, and
    ``why`` says why: ``refused``. ``result`` is that of the search, if there was one.
    """

    mutant: Mutant
    text: str
    outcome: Outcome
    result: Result | None = None
    why: str = ""

    @property
    def noticed(self) -> bool:
        return self.outcome in ("failure", "race")

    @property
    def change(self) -> str:
        return KINDS[self.mutant.kind]

    def as_json(self) -> dict[str, object]:
        result = self.result
        return {
            "mutant": str(self.mutant),
            **self.mutant._asdict(),
            "text": self.text,
            "outcome": self.outcome,
            "why": self.why,
            "again": result.again if result is not None and result.found else None,
            "result": None if result is None else result.as_json(),
        }


@dataclass
class Mutations:
    """What became of each mutant of ``program``, by files and lines.

    ``ordinary`` is the search of the program as it is, in which nothing was found.
    """

    program: Program
    ordinary: Result
    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def noticed(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.noticed]

    @property
    def survived(self) -> list[Verdict]:
        """Those that were searched, or could not be, and not noticed."""
        return [v for v in self.verdicts if v.outcome in ("survived", "refused")]

    @property
    def unreached(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.outcome == "unreached"]

    def check(self) -> None:
        """In a test: raise an `AssertionError` that names what was not noticed, if anything."""
        __tracebackhide__ = True
        names = [f"{verdict.mutant} ({verdict.change})" for verdict in self.survived]
        if names:
            raise AssertionError(f"{self.program} does not notice {', '.join(names)}")

    def as_json(self) -> dict[str, object]:
        return {
            "noticed": len(self.noticed),
            "survived": len(self.survived),
            "unreached": len(self.unreached),
            "seed": self.ordinary.seed,
            "mutants": [verdict.as_json() for verdict in self.verdicts],
        }


def mutate(
    scenario: str | Program | Callable[[], object],
    *,
    only: Sequence[str] = (),
    strategy: str = "portfolio",
    executions: int = EXECUTIONS,
    seconds: float | None = None,
    seed: int = 0,
    stall: float = STALL,
    races: Literal["report", "off"] = "report",
    small: bool = True,
    include: Sequence[str] = (),
    daemons: Literal["fail", "allow"] = "fail",
    watcher: Watcher | None = None,
    told: Callable[[Verdict], object] = lambda verdict: None,
) -> Mutations:
    """Leave one thing after another out of ``scenario``, and search for a failure each time.

    In the files of your project, or in those that ``only`` names, these are left out: each ``with``
    of a lock; each ``acquire``, with its ``release``; each ``release`` of what another thread or a
    ``with`` has acquired; each ``notify``, ``notify_all``, ``join`` and ``set``. A ``notify_all``
    also becomes a ``notify``, a ``while`` around the ``wait`` of a condition an ``if``, and a
    ``wait_for`` waits once. A condition whose lock is left out still takes it during each wait and
    each notification.

    The other arguments are those of `explore`, for the search of each mutant. A mutant with a data
    race that the scenario does not have counts as noticed, unless ``races="off"``. ``told`` is
    called with each verdict, as soon as it is known.

    Raises `ProgramError`, as `explore` does; also if the scenario fails without any change, or has
    a data race, or if there is nothing to leave out.

    >>> mutate("nowhere.py:scenario")
    Traceback (most recent call last):
    threadlab.errors.ProgramError: nowhere.py: there is no such file
    """
    if races not in ("report", "off"):
        raise ValueError(f"no races={races!r}; there are report, off")
    program = program_of(scenario, include)
    for file in only:
        if not os.path.isfile(file):
            raise ProgramError(f"{file}: there is no such file")

    def search(program: Program, phase: str, found: Literal["report", "error", "off"]) -> Result:
        return explore(
            program,
            strategy=strategy,
            executions=executions,
            seconds=seconds,
            seed=seed,
            stall=stall,
            races=found,
            small=small,
            daemons=daemons,
            watcher=watcher and _Phase(watcher, phase),
        )

    linecache.checkcache()
    mutation = Mutation()
    ordinary = search(replace(program, mutation=mutation), "as it is", races)
    _refuse_what_fails(ordinary)
    files = _files(program, mutation, only)
    reached = sorted(mutant for mutant in mutation.reached if mutant.file in files)
    if not reached:
        raise ProgramError(
            f"{program}: there is nothing to leave out: it uses no lock and the like"
        )
    steps = max(LONGER * ordinary.steps // max(ordinary.executions, 1), LEAST)
    mutations = Mutations(program, ordinary)

    def add(mutant: Mutant, outcome: Outcome, result: Result | None = None, why: str = "") -> None:
        text = linecache.getline(mutant.file, mutant.line).strip()
        verdict = Verdict(mutant, text, outcome, result, why)
        mutations.verdicts.append(verdict)
        told(verdict)

    for number, mutant in enumerate(reached, 1):
        phase = f"mutant {number} of {len(reached)}"
        without = replace(program, mutation=Mutation(mutant, min(steps, STEPS)))
        try:
            result = search(without, phase, races)
            if result.found:
                add(mutant, "failure", result)
            elif result.races:
                again = search(without, phase, "error")  # for a schedule
                add(mutant, "race", again if again.found else result)
            else:
                add(mutant, "survived", result)
        except ProgramError as error:
            add(mutant, "refused", why=str(error))
    for mutant, likely in sorted(mutation.places.items()):
        known = mutation.reached | mutation.passed
        if likely and mutant.file in files and mutant not in known:
            add(mutant, "unreached")
    return mutations


def _refuse_what_fails(ordinary: Result) -> None:
    program = ordinary.program
    if ordinary.failure is not None:
        failure = ordinary.failure
        raise ProgramError(
            f"{program} fails as it is: {failure.kind}: {failure.message}: {ordinary.again}"
        )
    if ordinary.cut_off:
        raise ProgramError(f"{program} has not ended after {STEPS:,} steps as it is")
    if ordinary.races:
        raise ProgramError(
            f"{program} has a data race as it is, on {ordinary.races[0].location}; "
            "look for none, with races off, or fix it"
        )


def _files(program: Program, mutation: Mutation, only: Sequence[str]) -> set[str]:
    """Those in which something is left out. Raises `ProgramError` for one that has nothing."""
    loaded = {mutant.file for mutant in mutation.places}
    files = {os.path.realpath(file): file for file in only}
    for path, file in files.items():
        if path not in loaded:
            raise ProgramError(f"{program}: nothing can be left out of {file}, or it is not used")
    return set(files) or loaded


class _Phase:
    """Shows a search that is one of several."""

    def __init__(self, watcher: Watcher, phase: str) -> None:
        self._watcher = watcher
        self._phase = phase

    def begin(self, kernel: Kernel) -> None:
        self._watcher.begin(kernel)

    def show(self, result: Result, phase: str) -> None:
        self._watcher.show(result, f"{self._phase}, {phase}")

    def give_up(self, why: str) -> None:
        self._watcher.give_up(why)
