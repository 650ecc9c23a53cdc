"""Executes a scenario once more, and keeps what its threads do as a `Timeline`.

The search keeps nothing of the thousands of executions that it makes, since to keep it costs more
than to make them; the one that is shown is made again, under its schedule, and looked at. The
observer only looks: it makes no step, calls no code of theirs, not even a ``__repr__``,
and keeps no object alive, so that what is shown is what happened.
"""

import linecache
import os
import sys
import traceback
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import accumulate
from types import CellType, TracebackType
from typing import Any

from threadlab.errors import Failure, Interrupted, headline
from threadlab.execution import execution_of
from threadlab.program import quiet
from threadlab.reports.lines import is_shown, line_of, locals_named, locals_of
from threadlab.reports.naming import Names, distinct, of_type
from threadlab.reports.repetition import Shorter
from threadlab.reports.timeline import Event, Kind, Place, RacingEvents, Timeline
from threadlab.reports.values import is_container, is_plain, printable, short
from threadlab.schedule import Schedule
from threadlab.simulation.inspection import ABSENT, is_a, name_of, plain, variables
from threadlab.simulation.kernel import Chooser, Reason, Task
from threadlab.simulation.recording.accesses import Accesses
from threadlab.simulation.recording.variables import READING
from threadlab.simulation.simulation import Plan, Simulation
from threadlab.strategies.replay import Replay

KEPT = 60_000
"""Events that are kept, the last ones: an execution that never ends shows its end."""

LOOKED_AT = 300_000
"""Events that are looked at for what comes over and over, of which little is kept."""

STEPS = 120_000
"""In one execution, after which it is not looked at any longer; a livelock is known before."""

UNKNOWN = object()

LARGE = 1000
"""Keys of a dict from which on its items are not looked at: each key is asked for its class."""


def observe(
    simulation: Simulation,
    scenario: Callable[[], object],
    plan: Plan,
    *,
    reducing: bool = False,
) -> Timeline:
    """What happens in ``scenario`` as ``plan`` has it; the simulation must be a recording one.

    With ``reducing``, there are footprints for it as well.
    """
    accesses, kernel = simulation.accesses, simulation.kernel
    assert accesses is not None
    limit, kernel.limit = kernel.limit, min(STEPS, kernel.limit)
    cut = kernel.limit < limit
    detecting, accesses.detecting = accesses.detecting, True
    before, accesses.reducing = accesses.reducing, reducing
    decides = Replay(kernel, plan) if isinstance(plan, Schedule) else plan
    observer = accesses.observer = _Observer(simulation, accesses, decides)
    error: BaseException | None = None
    try:
        with quiet(kernel):
            if isinstance(plan, Schedule):
                simulation.execute(scenario, plan, observer)
            else:
                simulation.execute(scenario, observer)
    except Interrupted:
        raise
    except BaseException as raised:
        error = raised
        if _is_ours(error):
            raise  # no failure of the scenario's
    finally:
        accesses.observer = None
        accesses.detecting, accesses.reducing = detecting, before
        kernel.limit = limit
    return observer.timeline(error, cut and kernel.steps > STEPS)


def observe_again(error: BaseException) -> tuple[Schedule, Timeline] | None:
    """The execution that has raised ``error``, if it was one of a simulated world."""
    execution = execution_of(error)
    if execution is None:
        return None
    simulation, scenario, schedule = execution
    return schedule, observe(simulation, scenario, schedule)


class _Observer:
    """Has ``decides`` choose, and is told by ``accesses`` what tasks do."""

    def __init__(self, simulation: Simulation, accesses: Accesses, decides: Chooser) -> None:
        self._kernel = simulation.kernel
        self._decides = decides
        self._decisions: list[int] = []  # how many events there were before
        self._simulation = simulation
        self._accesses = accesses
        self._sites = simulation.sites
        self._names = Names(simulation.kernel, accesses, simulation.sites)
        self._events: deque[Event] = deque(maxlen=LOOKED_AT)
        self._count = 0
        self._places: dict[Place, int] = {}
        self._due: dict[Task, int] = {}  # the place before which it was made to wait
        self._written: tuple[int, Callable[[], object], Hashable] | None = None
        self._line = (-1, -1)  # the last thread and place
        self._held: dict[object, str] = {}  # the locks that are shown, by what they are known as
        self._last: dict[tuple[str, int, str], int] = {}
        self._calls: dict[tuple[Task, int, str], int] = {}
        self._races: dict[frozenset[tuple[str, int]], RacingEvents] = {}
        self._raced = self._failed = 0
        self._errors: list[tuple[int, BaseException]] = []  # the events of what was raised
        self._ended: set[Task] = set()
        self._what = ""  # the location of the last access
        self._modules: dict[str, Mapping[str, object]] = {}  # variables, by file
        self._folder = _present_folder()

    # Decisions

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        task = ready[0]
        if reason in ("step", "spin"):
            self._catch_up(task)
        self._decisions.append(self._count)
        index = self._decides.choose(ready, clock, reason)
        if reason in ("step", "spin"):
            self._due[task] = self._place(task.site)
        if index:
            other = self._names.number(ready[index]) if index < len(ready) else -1
            place, without = self._place_of(task, reason), self._names.without.get(task, "")
            self._add("held", task, place, without, other=other)
        elif reason == "step":
            self._catch_up(task)
        return index

    def _place_of(self, task: Task, reason: Reason) -> int:
        if reason in ("step", "spin"):
            return self._place(task.site)
        return self._place_at(line_of(task.greenlet.gr_frame))

    # What `Accesses` passes on. All of it happens in the running task.

    def spawned(self, task: Task) -> None:
        number = self._names.number(task)
        if number:
            self._do("start", other=number)

    def ended(self) -> None:
        self._do("end")
        self._ended.add(self._kernel.current)

    def raises(self, error: BaseException) -> None:
        """The call of an object, whose caller handles it."""
        task, place = self._kernel.current, self._place_at(_raised_at(error))
        self._add("step", task, place, f"raises {name_of(type(error))}")

    def parks(self, deadline: float | None) -> None:
        task = self._kernel.current
        until = "" if deadline is None else f"{deadline:.9g} s"
        what, other = self._names.waited_for(task.waiting)
        number = self._names.number(other) if other is not None else -1
        self._do("wait", what=what, value="" if " to pass" in what else until, other=number)

    def woken(self, task: Task) -> None:
        by = self._names.number(self._kernel.current) if task.woken else -1
        self._add("wake", task, what=self._names.without.get(task, ""), other=by)

    def acquired(self, sync: object) -> None:
        known = self._accesses.known(sync)
        name = self._names.name_of_lock(sync)
        if name is not None:
            self._held[known] = name
            self._names.without.pop(self._kernel.current, None)
            self._do("acquire", what=name)

    def released(self, sync: object) -> None:
        name = self._held.pop(self._accesses.known(sync), None)
        if name is not None:
            self._do("release", what=name)

    def accessed(self, owner: object, name: Hashable, writes: bool, site: int) -> None:
        self._what = what = self._names.location(owner, name, site)
        value = UNKNOWN if writes else self._value(owner, name)
        if value is ABSENT and not is_a(name, tuple):  # on the way to where it has been found
            self._last["read", self._names.number(self._kernel.current), what] = self._count - 1
            return
        self._do("write" if writes else "read", site, what, _shown(value, "missing"))
        if is_container(value):
            self._names.looked_at[id(value)] = what
        elif _can_be_referred_to(value):
            self._names.call_it(value, what)
        if writes:
            self._written = self._count - 1, self._accesses.weakly(owner), name

    def raced(self) -> None:
        """The last access is the second one of a race."""
        second, what = self._count - 1, self._what
        mine = self._names.number(self._kernel.current)
        for race in self._accesses.races[self._raced :]:
            firsts = [
                self._last.get((race.first.kind, thread, what), -1)
                for thread, task in enumerate(self._names.tasks)
                if thread != mine and str(task) == race.first.thread
            ]
            if (first := max(firsts, default=-1)) >= 0:
                self._races.setdefault(race.lines, RacingEvents(what, first, second))
        self._raced = len(self._accesses.races)

    def called(self, owner: object, method: str, site: int) -> None:
        """A method of a container."""
        text = self._sites[site].text.removesuffix(f".{method}") or of_type(owner)
        what = self._names.container(owner, text)
        reads = method in READING
        # It is atomic: what others have changed meanwhile, a change of this one does not miss.
        self._do("read", site, what, short(owner))
        if not reads:
            self._do("write", site, what)
            self._calls[self._kernel.current, id(owner), method] = self._count - 1
            self._written = self._count - 1, self._accesses.weakly(owner), None

    def called_again(self, owner: object, method: str) -> None:
        """Its arguments have made steps meanwhile: only now it is called."""
        number = self._calls.pop((self._kernel.current, id(owner), method), -1)
        index = self._index(number)
        if index >= 0:
            what = self._events[index].what
            self._events[index] = self._events[index]._replace(kind="read")
            self._do("write", what=what)
            self._written = self._count - 1, self._accesses.weakly(owner), None

    # Events

    def _do(
        self, kind: Kind, site: int = 0, what: str = "", value: str = "", other: int = -1
    ) -> None:
        task = self._kernel.current
        self._catch_up(task)
        place = self._place(site) if site else self._place_at(line_of(sys._getframe()))
        self._add(kind, task, place, what, value, other)

    def _catch_up(self, task: Task) -> None:
        """It makes the step before which it has been."""
        place = self._due.pop(task, None)
        if place is not None:
            self._add("step", task, place)

    def _add(
        self,
        kind: Kind,
        task: Task,
        place: int = -1,
        what: str = "",
        value: str = "",
        other: int = -1,
    ) -> None:
        self._settle()
        kernel, number = self._kernel, self._names.number(task)
        self._last[kind, number, what] = self._count
        self._keep(Event(kind, number, kernel.steps, kernel.now, place, what, value, other))

    def _keep(self, event: Event) -> None:
        if (event.thread, event.place) != self._line:
            self._line = event.thread, event.place
            self._names.looked_at.clear()
        self._events.append(event)
        self._count += 1

    def _index(self, number: int) -> int:
        """Of an event that is kept; less than 0 of another."""
        return number - (self._count - len(self._events))

    def _settle(self) -> None:
        """What was written has its value now; who has failed has done so by now."""
        if self._written is not None:
            number, get, name = self._written
            self._written = None
            index, owner = self._index(number), get()
            if index >= 0 and owner is not None:  # or else it is gone
                value = owner if name is None else self._value(owner, name)
                shown = _shown(value, "deleted")
                self._events[index] = self._events[index]._replace(value=shown)
        errors = self._kernel.errors
        if len(errors) > self._failed:
            self._failed = len(errors)
            self._fail(self._kernel.failed[-1], errors[-1])

    def _fail(self, task: Task, error: BaseException) -> None:
        self._errors.append((self._count, error))  # what it says is its own code
        self._end(task, _raised_at(error), "", _locals_at(error))

    def _end(self, task: Task, line: Place | None, what: str, value: str = "") -> None:
        kernel = self._kernel
        steps = kernel.steps
        if not kernel.running:  # what is unwound makes steps, too
            steps = self._events[-1].step if self._events else 0
        place = self._place_at(line)
        number = self._names.number(task)
        self._keep(Event("fail", number, steps, kernel.now, place, what, value))

    def timeline(self, error: BaseException | None, cut: bool) -> Timeline:
        """What has happened, when all has ended with ``error``, or was ``cut`` short."""
        raised = list(zip(self._kernel.failed, self._kernel.errors, strict=True))
        last, self._failed = self._failed, len(raised)
        self._settle()
        for task, one in raised[last:]:
            self._fail(task, one)
        # One without tasks was raised by one of them: calls that no order explains.
        failure = error if isinstance(error, Failure) and error.tasks else self._kernel.failure
        if failure is not None:
            ends = "not shown any further" if cut else failure.kind
            left = [task for task in self._names.tasks if task not in self._ended]
            for name, line in failure.tasks:
                # In the same order; of what was done aside nothing is known.
                named = [task for task in left if str(task) == name]
                if named:
                    left.remove(named[0])
                    self._end(named[0], None if line is None else _parsed(line), ends)
        for number, one in self._errors:
            index = self._index(number)
            if index >= 0:
                self._events[index] = self._events[index]._replace(what=printable(headline(one)))
        events = list(self._events)
        shorter = Shorter(events, KEPT)
        races = [
            (race.location, shorter.place(self._index(race.first)), self._index(race.second))
            for race in self._races.values()
        ]
        return Timeline(
            distinct([printable(str(task)) for task in self._names.tasks]),
            tuple(self._places),
            tuple(events[index] for index in shorter.kept),
            tuple(
                RacingEvents(what, first, second)
                for what, first, later in races
                if first is not None and (second := shorter.place(later)) is not None
            ),
            {place.file: self._source(place.file) for place in self._places},
            self._count - len(events) + shorter.kept[0] if shorter.kept else 0,
            tuple(accumulate(map(shorter.begin, map(self._index, self._decisions)), max)),
            tuple(task.path for task in self._names.tasks),
            shorter.loops,
        )

    def _source(self, file: str) -> tuple[str, ...]:
        path = os.path.join(self._folder, file)
        linecache.checkcache(path)
        return tuple(map(str.rstrip, linecache.getlines(path)))

    # Names

    def _place(self, site: int) -> int:
        if not site:
            return -1
        at = self._sites[site]
        return self._place_at(Place(at.file, at.line))

    def _place_at(self, line: Place | None) -> int:
        if line is None:
            return -1
        place = Place(line.file.removeprefix(self._folder), line.line)
        return self._places.setdefault(place, len(self._places))

    def _value(self, owner: object, name: Hashable) -> object:
        """What is there at present."""
        try:
            if is_a(name, tuple):
                return _item(owner, name[0])
            if is_a(owner, str):
                return self._global(owner, str(name))
            if is_a(owner, CellType):
                return owner.cell_contents
            return plain(owner, str(name))
        except (LookupError, TypeError, ValueError):
            return ABSENT

    def _global(self, file: str, name: str) -> object:
        if file not in self._modules:  # it was loaded meanwhile
            for module in self._simulation.importer.modules.values():
                own = variables(module)
                if type(path := own.get("__file__")) is str:
                    self._modules[path] = own
        return self._modules.get(file, {}).get(name, ABSENT)


def _item(owner: object, key: Any) -> object:
    """An item of a container; `UNKNOWN` if to look for it could call something."""
    parts = key if type(key) is tuple else (key,)
    if not all(map(is_plain, parts)):
        return UNKNOWN
    if is_a(owner, dict):
        if dict.__len__(owner) > LARGE or not all(map(is_plain, dict.keys(owner))):
            return UNKNOWN
        return dict.get(owner, key, ABSENT)
    if is_a(owner, deque):
        return deque.__getitem__(owner, key)
    if is_a(owner, bytearray):
        return bytearray.__getitem__(owner, key)
    return list.__getitem__(owner, key) if is_a(owner, list) else ABSENT


def _raised_at(error: BaseException) -> Place | None:
    lines = [
        Place(frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if is_shown(frame)
    ]
    return lines[-1] if lines else None


def _locals_at(error: BaseException) -> str:
    """The local variables that the expression names which has raised it, where they say more than
    of which class they are."""
    found = [at for at in _each(error.__traceback__) if is_shown(at.tb_frame)]
    if not found:
        return ""
    frame = found[-1].tb_frame
    own = locals_of(frame)
    told = []
    for name in locals_named(frame.f_code, found[-1].tb_lasti):
        value = own.get(name, UNKNOWN)
        if value is not UNKNOWN and (shown := short(value)) != name_of(type(value)):
            told.append(f"{name} is {shown}")
    return ", ".join(told)


def _each(at: TracebackType | None) -> Iterator[TracebackType]:
    while at is not None:
        yield at
        at = at.tb_next


def _parsed(line: str) -> Place:
    """Of a `Failure`, which has it as file:line."""
    file, _, number = line.rpartition(":")
    return Place(file, int(number))


def _shown(value: object, absent: str) -> str:
    return absent if value is ABSENT else "" if value is UNKNOWN else short(value)


def _can_be_referred_to(thing: object) -> bool:
    """Weakly, that is."""
    return bool(vars(type)["__weakrefoffset__"].__get__(type(thing)))


def _is_ours(error: BaseException) -> bool:
    """Whether it comes from here, and not from what is looked at, or recurses without an end."""
    codes = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)]
    here = any(code.co_filename == __file__ for code in codes[1:])
    return here and not isinstance(error, RecursionError)


def _present_folder() -> str:
    try:
        return os.getcwd() + os.sep
    except OSError:  # it is gone
        return ""
