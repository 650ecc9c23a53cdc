"""Executes a scenario once more, and keeps what its threads do as a `Timeline`.

The search keeps nothing of the thousands of executions that it makes, since to keep it costs more
than to make them; the one that is shown is made again, under its schedule, and looked at. The
observer only looks: it makes no step, calls no code of the subject's, not even a ``__repr__``,
and keeps no object alive, so that what is shown is what happened.
"""

import itertools
import linecache
import os
import reprlib
import sys
import traceback
from collections import deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from types import CellType, FrameType
from typing import Any

from tests.harness import scripts
from tests.harness.failures import headline
from tests.harness.minimise import Replay
from tests.harness.reports.timeline import Event, Kind, Place, Race, Timeline
from tests.harness.simulation.accesses import ABSENT, READING, Accesses, plain
from tests.harness.simulation.kernel import Failure, Reason, Task, is_own, line_of
from tests.harness.simulation.schedule import Schedule
from tests.harness.simulation.simulation import Simulation
from tests.harness.simulation.world import Execution

KEPT = 60_000
"""Events that are kept, the last ones: an execution that never ends shows its end."""

STEPS = 50_000
"""In one execution, after which it is not looked at any longer."""

HERE = os.path.dirname(os.path.dirname(__file__))
OTHERS = (HERE, os.path.dirname(os.__file__))
"""Whose lines are not those that anybody asks for."""


def observe(simulation: Simulation, scenario: Callable[[], object], schedule: Schedule) -> Timeline:
    """What happens in ``scenario`` under ``schedule``; the simulation must be a recording one."""
    accesses, kernel = simulation.accesses, simulation.kernel
    assert accesses is not None
    limit, kernel.limit = kernel.limit, min(STEPS, kernel.limit)
    detecting, accesses.detecting = accesses.detecting, True
    reducing, accesses.reducing = accesses.reducing, False
    observer = accesses.observer = _Observer(simulation, accesses, schedule)
    error: BaseException | None = None
    try:
        with scripts.quiet():
            simulation.execute(scenario, schedule, observer)
    except BaseException as raised:
        error = raised
    finally:
        accesses.observer = None
        accesses.detecting, accesses.reducing = detecting, reducing
        kernel.limit = limit
    return observer.timeline(error)


def observe_again(error: BaseException) -> tuple[Schedule, Timeline] | None:
    """The execution that has raised ``error``, if it was one of a simulated world."""
    known: Execution | None = getattr(error, "__dict__", {}).get("execution")
    if known is None:
        return None
    simulation, scenario, schedule = known
    return schedule, observe(simulation, scenario, schedule)


class _Observer(Replay):
    """Follows the schedule, and is told by ``accesses`` what tasks do."""

    def __init__(self, simulation: Simulation, accesses: Accesses, schedule: Schedule) -> None:
        super().__init__(simulation.kernel, schedule)
        self._accesses = accesses
        self._sites = simulation.sites
        self._events: deque[Event] = deque(maxlen=KEPT)
        self._count = 0
        self._tasks: list[Task] = []
        self._numbers: dict[Task, int] = {}
        self._places: dict[Place, int] = {}
        self._due: dict[Task, int] = {}  # the place before which it was made to wait
        self._written: tuple[int, object, Hashable] | None = None
        self._names: dict[object, str] = {}  # by what `Accesses` knows the object as
        self._handles: dict[object, str] = {}  # where locks and their like have been found, so, too
        self._looked_at: dict[int, str] = {}  # containers that the present line has read, by id
        self._line = (-1, -1)  # the last thread and place
        self._without: dict[Task, str] = {}  # the lock that a waiter is to get back
        self._same: dict[str, int] = {}  # how many objects have the same name
        self._held: dict[object, str] = {}  # the locks that are shown, by what they are known as
        self._last: dict[tuple[str, int, str], int] = {}
        self._calls: dict[tuple[Task, int, str], int] = {}
        self._races: dict[frozenset[tuple[str, int]], Race] = {}
        self._raced = self._failed = 0

    # Decisions

    def choose(self, ready: Sequence[Task], clock: bool, reason: Reason) -> int:
        index = super().choose(ready, clock, reason)
        task = ready[0]
        if reason in ("step", "spin"):
            self._catch_up(task)
            self._due[task] = self._place(task.site)
        if index:
            other = self._number(ready[index]) if index < len(ready) else -1
            place, without = self._place_of(task, reason), self._without.get(task, "")
            self._add("held", task, place, without, other=other)
        elif reason == "step":
            self._catch_up(task)
        return index

    def _place_of(self, task: Task, reason: Reason) -> int:
        if reason in ("step", "spin"):
            return self._place(task.site)
        return self._place_at(line_of(task.greenlet.gr_frame) if task.greenlet.gr_frame else None)

    # What `Accesses` passes on. All of it happens in the running task.

    def spawned(self, task: Task) -> None:
        number = self._number(task)
        if number:
            self._do("start", other=number)

    def ended(self) -> None:
        self._do("end")

    def parks(self, deadline: float | None) -> None:
        task = self._kernel.current
        until = "" if deadline is None else f"{deadline:g} s"
        what = self._waited_for(task.waiting)
        self._do("wait", what=what, value="" if " to pass" in what else until)

    def woken(self, task: Task) -> None:
        by = self._number(self._kernel.current) if task.woken else -1
        self._add("wake", task, what=self._without.get(task, ""), other=by)

    def acquired(self, sync: object) -> None:
        known = self._accesses.known(sync)
        name = self._name_of_lock(sync)
        if name is not None:
            self._held[known] = name
            self._without.pop(self._kernel.current, None)
            self._do("acquire", what=name)

    def released(self, sync: object) -> None:
        name = self._held.pop(self._accesses.known(sync), None)
        if name is not None:
            self._do("release", what=name)

    def accessed(self, owner: object, name: Hashable, writes: bool, site: int) -> None:
        value = ABSENT if writes else self._value(owner, name)
        if value is ABSENT and not writes:
            return  # a class was looked at on the way
        what = self._location(owner, name, site)
        self._do("write" if writes else "read", site, what, "" if writes else short(value))
        if type(value) in _CONTAINERS:
            self._looked_at[id(value)] = what
        elif type(value).__weakrefoffset__:
            self._call(value, what)
        if writes:
            self._written = self._count - 1, owner, name

    def raced(self) -> None:
        """The last access is the second one of a race."""
        for race in self._accesses.races[self._raced :]:
            what = self._events[-1].what
            second = self._count - 1
            for thread, task in enumerate(self._tasks):
                first = self._last.get((race.first.kind, thread, what))
                if first is not None and first < second and str(task) == race.first.thread:
                    self._races.setdefault(race.lines, Race(what, first, second))
        self._raced = len(self._accesses.races)

    def called(self, owner: object, method: str, site: int) -> None:
        """A method of a container."""
        what = self._container(owner, self._sites[site].text.removesuffix(f".{method}"))
        reads = method in READING
        self._do("read" if reads else "write", site, what, short(owner) if reads else "")
        if not reads:
            self._calls[self._kernel.current, id(owner), method] = self._count - 1
            self._written = self._count - 1, owner, None

    def called_again(self, owner: object, method: str) -> None:
        """Its arguments have made steps meanwhile: only now it is called."""
        number = self._calls.pop((self._kernel.current, id(owner), method), -1)
        index = self._index(number)
        if index >= 0:
            what = self._events[index].what
            self._events[index] = self._events[index]._replace(kind="read")
            self._do("write", what=what)
            self._written = self._count - 1, owner, None

    # Events

    def _do(
        self, kind: Kind, site: int = 0, what: str = "", value: str = "", other: int = -1
    ) -> None:
        task = self._kernel.current
        self._catch_up(task)
        place = self._place(site) if site else self._place_at(line_of(None))
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
        kernel, number = self._kernel, self._number(task)
        self._last[kind, number, what] = self._count
        self._keep(Event(kind, number, kernel.steps, kernel.now, place, what, value, other))

    def _keep(self, event: Event) -> None:
        if (event.thread, event.place) != self._line:
            self._line = event.thread, event.place
            self._looked_at.clear()
        self._events.append(event)
        self._count += 1

    def _index(self, number: int) -> int:
        """Of an event that is kept; less than 0 of another."""
        return number - (self._count - len(self._events))

    def _settle(self) -> None:
        """What was written has its value now; who has failed has done so by now."""
        if self._written is not None:
            index, owner, name = self._written
            self._written = None
            value = owner if name is None else self._value(owner, name)
            index = self._index(index)
            if index >= 0:
                shown = "deleted" if value is ABSENT else short(value)
                self._events[index] = self._events[index]._replace(value=shown)
        errors = self._kernel.errors
        if len(errors) > self._failed:
            self._failed = len(errors)
            self._fail(self._kernel.current, errors[-1])

    def _fail(self, task: Task, error: BaseException) -> None:
        lines = [
            f"{frame.f_code.co_filename}:{line}"
            for frame, line in traceback.walk_tb(error.__traceback__)
            if is_own(frame) or not frame.f_code.co_filename.startswith(OTHERS)
        ]
        place = self._place_at(lines[-1] if lines else None)
        kernel = self._kernel
        what = headline(error)
        self._keep(Event("fail", self._number(task), kernel.steps, kernel.now, place, what))

    def timeline(self, error: BaseException | None) -> Timeline:
        """What has happened, when all has ended with ``error``."""
        kernel = self._kernel
        failed, self._failed = self._failed, len(kernel.errors)  # what is left has been unwound
        self._settle()
        failure = error if isinstance(error, Failure) else kernel.failure
        if failure is not None:
            ends = type(failure).__name__.lower()
            names = dict(failure.tasks)
            for task in self._tasks:
                if str(task) in names:
                    place = self._place_at(names[str(task)])
                    number = self._number(task)
                    self._keep(Event("fail", number, kernel.steps, kernel.now, place, ends))
        if error is not None and error is not failure and not failed:
            culprits = [task for task in self._tasks if str(task) == kernel.culprit]
            self._fail(culprits[0] if culprits else self._tasks[0], error)
        omitted = self._count - len(self._events)
        files = dict.fromkeys(place.file for place in self._places)
        return Timeline(
            _distinct([str(task) for task in self._tasks]),
            tuple(self._places),
            tuple(self._events),
            tuple(
                race._replace(first=race.first - omitted, second=race.second - omitted)
                for race in self._races.values()
                if race.first >= omitted
            ),
            {file: tuple(map(str.rstrip, linecache.getlines(file))) for file in files},
            omitted,
        )

    # Names

    def _number(self, task: Task) -> int:
        number = self._numbers.get(task)
        if number is None:
            number = self._numbers[task] = len(self._tasks)
            self._tasks.append(task)
        return number

    def _place(self, site: int) -> int:
        if not site:
            return -1
        at = self._sites[site]
        return self._place_at(f"{at.file}:{at.line}")

    def _place_at(self, line: str | None) -> int:
        if line is None:
            return -1
        file, _, number = line.rpartition(":")
        place = Place(file.removeprefix(os.getcwd() + os.sep), int(number))
        return self._places.setdefault(place, len(self._places))

    def _location(self, owner: object, name: Hashable, site: int) -> str:
        if isinstance(name, tuple):
            return f"{self._container(owner, self._sites[site].text)}[{name[0]!r}]"
        if isinstance(owner, str):  # the file of a module
            return f"{owner.rpartition('/')[2].removesuffix('.py')}.{name}"
        if isinstance(owner, CellType):
            return self._named(owner, str(name))
        if isinstance(owner, type):
            return f"{owner.__name__}.{name}"
        return f"{self._named(owner, type(owner).__name__)}.{name}"

    def _container(self, owner: object, text: str) -> str:
        """Where it has just been found, or, in a local, ``text``."""
        return self._looked_at.get(id(owner), text)

    def _named(self, thing: object, name: str) -> str:
        """``name``, with a number from the second one on."""
        known = self._accesses.known(thing)
        if known not in self._names:
            number = self._same[name] = self._same.get(name, 0) + 1
            self._names[known] = name if number == 1 else f"{name} {number}"
        return self._names[known]

    def _value(self, owner: object, name: Hashable) -> object:
        """What is there at present, without running any code of the subject's."""
        try:
            if isinstance(name, tuple):
                if isinstance(owner, dict):
                    return dict.get(owner, name[0], ABSENT)
                return owner[name[0]]  # type: ignore[index]
            if isinstance(owner, str):
                frame: FrameType | None = sys._getframe()
                while frame is not None:
                    if is_own(frame) and frame.f_code.co_filename == owner:
                        return frame.f_globals.get(str(name), ABSENT)
                    frame = frame.f_back
                return ABSENT
            if isinstance(owner, CellType):
                return owner.cell_contents
            return plain(owner, str(name))
        except (AttributeError, LookupError, TypeError, ValueError):
            pass
        return ABSENT

    # Locks, and what is waited for

    def _name_of_lock(self, lock: object) -> str | None:
        """By which the code under test calls it, if it is that which asks for it."""
        called, caller = _call()
        thing = called.f_locals.get("self") if called is not None else None
        if thing is None or caller is None or _lock_of(thing) is not lock:
            return None
        return self._name(thing, caller)

    def _name(self, thing: object, frame: FrameType | None) -> str:
        known = self._accesses.known(thing)
        if known not in self._handles:
            while frame is not None and not (name := _variable(thing, frame)):
                frame = frame.f_back
            if frame is None:
                name = _of_type(thing)
            number = self._same[name] = self._same.get(name, 0) + 1
            self._call(thing, name if number == 1 else f"{name} {number}")
        return self._handles[known]

    def _call(self, thing: object, name: str) -> None:
        self._handles.setdefault(self._accesses.known(thing), name)
        if _is_a(thing, "Condition"):  # whose methods may be those of its lock
            self._handles.setdefault(self._accesses.known(plain(thing, "_lock")), name)

    def _waited_for(self, waiting: object) -> str:
        if isinstance(waiting, str):
            return waiting
        called, caller = _call()
        if called is None:
            return str(waiting)
        thing = called.f_locals.get("self")
        method = called.f_code.co_name
        if _lock_of(thing) is waiting:
            owner = getattr(waiting, "_owner", None)
            return f"{self._name(thing, caller)}, held by {owner}" if owner else str(waiting)
        for cls in (base.__name__ for base in type(thing).__mro__):
            template = WAITS.get((cls, method)) or WAITS.get((cls, ""))
            if template is not None:
                if "{thread}" in template:
                    return template.format(thread=_attributes(thing).get("_name", "a thread"))
                name = self._name(thing, caller)
                if cls == "Condition":
                    self._without[self._kernel.current] = name
                return template.format(name=name)
        return called.f_code.co_qualname


WAITS = {
    ("Thread", "join"): "the end of {thread}",
    ("Thread", "start"): "{thread} to begin",
    ("Condition", ""): "a notify of {name}",
    ("Event", ""): "{name} to be set",
    ("Semaphore", ""): "a release of {name}",
    ("Barrier", ""): "the others at {name}",
    ("Queue", "get"): "an item in {name}",
    ("Queue", "put"): "room in {name}",
    ("Queue", "join"): "{name} to be worked off",
    ("SimpleQueue", "get"): "an item in {name}",
    ("Future", ""): "the result of {name}",
}
"""What who calls this method waits for, by class and method; any method without a name."""


def _call() -> tuple[FrameType | None, FrameType | None]:
    """What the code under test has called, and that code; what runs below, if there is none."""
    frame: FrameType | None = sys._getframe(1)
    called = None
    while frame is not None and not is_own(frame):
        file = frame.f_code.co_filename
        if not file.startswith(HERE) or "fake_" in file:
            if frame.f_code.co_name in ("_bootstrap", "_bootstrap_inner", "run"):
                return called, None
            called = frame
        frame = frame.f_back
    return (called, frame) if frame is not None else (None, None)


def _lock_of(thing: object) -> object:
    """The lock that a lock, an RLock or a condition is, or is made of."""
    for cls, name in (("Condition", "_lock"), ("RLock", "_block")):
        if _is_a(thing, cls):
            thing = plain(thing, name)
    return thing if type(thing).__name__ == "Lock" else None


def _is_a(thing: object, cls: str) -> bool:
    return any(base.__name__ == cls for base in type(thing).__mro__)


def _attributes(thing: object) -> Mapping[str, object]:
    get = type.__getattribute__ if isinstance(thing, type) else object.__getattribute__
    try:
        attributes: Mapping[str, object] = get(thing, "__dict__")
    except AttributeError:
        return {}
    return attributes


def _variable(thing: object, frame: FrameType) -> str:
    """The name by which ``frame`` knows it, directly or as an attribute of its ``self``."""
    if not is_own(frame):
        return ""
    variables = frame.f_locals
    for name, value in variables.items():
        if value is thing:
            return name
    owner = variables.get("self")
    for name, value in _attributes(owner).items():
        if value is thing:
            return f"{type(owner).__name__}.{name}"
    for name, value in frame.f_globals.items():
        if value is thing:
            return name
    return ""


def _of_type(thing: object) -> str:
    name = type(thing).__name__
    return f"{'an' if name[0] in 'AEIOR' else 'a'} {name}"


_CONTAINERS = (list, dict, set, deque, bytearray)
_PLAIN = (bool, int, float, complex, str, bytes, type(None))
_BRACKETS: dict[Any, str] = {list: "[]", tuple: "()", set: "{}", frozenset: "{}", deque: "[]"}
_ITEMS = 5

_repr = reprlib.Repr()
_repr.maxstring = _repr.maxother = _repr.maxlong = 24


def short(value: object, depth: int = 2) -> str:
    """``value`` in a few characters, without calling any code but that of built-in types."""
    if type(value) in _PLAIN:
        return _repr.repr(value)
    if isinstance(value, bytearray):
        return _repr.repr(bytes(value))
    if isinstance(value, dict):
        size = dict.__len__(value)
        items = itertools.islice(dict.items(value), _ITEMS)
        parts = [f"{short(key, 0)}: {short(one, depth - 1)}" for key, one in items if depth]
        return _bracketed("{}", parts, size)
    for base, brackets in _BRACKETS.items():
        if isinstance(value, base):
            members = list(base.__iter__(value))
            parts = [short(one, depth - 1) for one in members] if depth else []
            if brackets == "{}":
                parts.sort()
            return _bracketed(brackets, parts[:_ITEMS], len(members))
    return value.__name__ if isinstance(value, type) else type(value).__name__


def _bracketed(brackets: str, parts: list[str], size: int) -> str:
    more = [f"... {size} in all"] if size > len(parts) else []
    return brackets[0] + ", ".join(parts + more) + brackets[1]


def _distinct(names: list[str]) -> tuple[str, ...]:
    """``names``, the later of two that are the same with a number."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        number = seen[name] = seen.get(name, 0) + 1
        result.append(name if number == 1 else f"{name} [{number}]")
    return tuple(result)
