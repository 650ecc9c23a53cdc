"""Executes a scenario once more, and keeps what its threads do as a `Timeline`.

The search keeps nothing of the thousands of executions that it makes, since to keep it costs more
than to make them; the one that is shown is made again, under its schedule, and looked at. The
observer only looks: it makes no step, calls no code of the subject's, not even a ``__repr__``,
and keeps no object alive, so that what is shown is what happened.
"""

import linecache
import os
import sys
import traceback
from collections import deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from inspect import CO_OPTIMIZED
from types import CellType, FrameType
from typing import Any

from threadlab.errors import Failure, Interrupted, headline
from threadlab.program import quiet
from threadlab.reports.timeline import Event, Kind, Place, Race, Timeline
from threadlab.reports.values import is_container, is_plain, printable, short
from threadlab.schedule import Schedule
from threadlab.simulation import modules
from threadlab.simulation.frames import is_own
from threadlab.simulation.inspection import ABSENT, bases, is_a, name_of, plain, variables
from threadlab.simulation.kernel import Reason, Task
from threadlab.simulation.recording.accesses import Accesses
from threadlab.simulation.recording.variables import READING
from threadlab.simulation.simulation import Simulation
from threadlab.strategies.replay import Replay
from threadlab.worlds.simulated import Execution

KEPT = 60_000
"""Events that are kept, the last ones: an execution that never ends shows its end."""

STEPS = 120_000
"""In one execution, after which it is not looked at any longer; a livelock is known before."""

UNKNOWN = object()

LARGE = 1000
"""Keys of a dict from which on its items are not looked at: each key is asked for its class."""

HERE = os.path.dirname(os.path.dirname(__file__))
STANDING_IN = os.path.dirname(modules.__file__)
OTHERS = (HERE, os.path.dirname(os.__file__))
"""Whose lines are not those that anybody asks for."""


def observe(simulation: Simulation, scenario: Callable[[], object], schedule: Schedule) -> Timeline:
    """What happens in ``scenario`` under ``schedule``; the simulation must be a recording one."""
    accesses, kernel = simulation.accesses, simulation.kernel
    assert accesses is not None
    limit, kernel.limit = kernel.limit, min(STEPS, kernel.limit)
    cut = kernel.limit < limit
    detecting, accesses.detecting = accesses.detecting, True
    reducing, accesses.reducing = accesses.reducing, False
    observer = accesses.observer = _Observer(simulation, accesses, schedule)
    error: BaseException | None = None
    try:
        with quiet(kernel):
            simulation.execute(scenario, schedule, observer)
    except Interrupted:
        raise
    except BaseException as raised:
        error = raised
        if _is_ours(error):
            raise  # no failure of the subject's
    finally:
        accesses.observer = None
        accesses.detecting, accesses.reducing = detecting, reducing
        kernel.limit = limit
    return observer.timeline(error, cut and kernel.steps > STEPS)


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
        self._simulation = simulation
        self._accesses = accesses
        self._sites = simulation.sites
        self._events: deque[Event] = deque(maxlen=KEPT)
        self._count = 0
        self._tasks: list[Task] = []
        self._numbers: dict[Task, int] = {}
        self._places: dict[Place, int] = {}
        self._due: dict[Task, int] = {}  # the place before which it was made to wait
        self._written: tuple[int, Callable[[], object], Hashable] | None = None
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
        self._errors: list[tuple[int, BaseException]] = []  # the events of what was raised
        self._ended: set[Task] = set()
        self._what = ""  # the location of the last access
        self._modules: dict[str, Mapping[str, object]] = {}  # variables, by file
        self._folder = _present_folder()

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
        return self._place_at(_line_of(task.greenlet.gr_frame))

    # What `Accesses` passes on. All of it happens in the running task.

    def spawned(self, task: Task) -> None:
        number = self._number(task)
        if number:
            self._do("start", other=number)

    def ended(self) -> None:
        self._do("end")
        self._ended.add(self._kernel.current)

    def parks(self, deadline: float | None) -> None:
        task = self._kernel.current
        until = "" if deadline is None else f"{deadline:.9g} s"
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
        self._what = what = self._location(owner, name, site)
        value = UNKNOWN if writes else self._value(owner, name)
        if value is ABSENT and not is_a(name, tuple):  # on the way to where it has been found
            self._last["read", self._number(self._kernel.current), what] = self._count - 1
            return
        self._do("write" if writes else "read", site, what, _shown(value, "missing"))
        if is_container(value):
            self._looked_at[id(value)] = what
        elif _can_be_referred_to(value):
            self._call(value, what)
        if writes:
            self._written = self._count - 1, self._accesses.weakly(owner), name

    def raced(self) -> None:
        """The last access is the second one of a race."""
        second, what = self._count - 1, self._what
        mine = self._number(self._kernel.current)
        for race in self._accesses.races[self._raced :]:
            firsts = [
                self._last.get((race.first.kind, thread, what), -1)
                for thread, task in enumerate(self._tasks)
                if thread != mine and str(task) == race.first.thread
            ]
            if (first := max(firsts, default=-1)) >= 0:
                self._races.setdefault(race.lines, Race(what, first, second))
        self._raced = len(self._accesses.races)

    def called(self, owner: object, method: str, site: int) -> None:
        """A method of a container."""
        text = self._sites[site].text.removesuffix(f".{method}") or _of_type(owner)
        what = self._container(owner, text)
        reads = method in READING
        self._do("read" if reads else "write", site, what, short(owner) if reads else "")
        if not reads:
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
        place = self._place(site) if site else self._place_at(_line_of(sys._getframe()))
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
            self._fail(self._kernel.current, errors[-1])

    def _fail(self, task: Task, error: BaseException) -> None:
        lines = [
            f"{frame.f_code.co_filename}:{line}"
            for frame, line in traceback.walk_tb(error.__traceback__)
            if _is_asked_for(frame)
        ]
        self._errors.append((self._count, error))  # what it says is its own code
        self._end(task, lines[-1] if lines else None, "")

    def _end(self, task: Task, line: str | None, what: str) -> None:
        kernel = self._kernel
        steps = kernel.steps
        if not kernel.running:  # what is unwound makes steps, too
            steps = self._events[-1].step if self._events else 0
        place = self._place_at(line)
        self._keep(Event("fail", self._number(task), steps, kernel.now, place, what))

    def timeline(self, error: BaseException | None, cut: bool) -> Timeline:
        """What has happened, when all has ended with ``error``, or was ``cut`` short."""
        raised = list(self._kernel.errors)
        self._failed = len(raised)  # what is left has been unwound
        self._settle()
        failure = error if isinstance(error, Failure) else self._kernel.failure
        if failure is not None:
            ends = "not shown any further" if cut else type(failure).__name__.lower()
            # In the same order, but that the main thread may have ended.
            left = [task for task in self._tasks if task not in self._ended]
            for task, (_, line) in zip(left[-len(failure.tasks) :], failure.tasks, strict=True):
                self._end(task, line, ends)
        if error is not None and not any(error is one for one in [failure, *raised]):
            self._fail(self._tasks[0], error)
        omitted = self._count - len(self._events)
        for number, one in self._errors:
            index = self._index(number)
            if index >= 0:
                self._events[index] = self._events[index]._replace(what=printable(headline(one)))
        return Timeline(
            _distinct([printable(str(task)) for task in self._tasks]),
            tuple(self._places),
            tuple(self._events),
            tuple(
                race._replace(first=race.first - omitted, second=race.second - omitted)
                for race in self._races.values()
                if race.first >= omitted
            ),
            {place.file: self._source(place.file) for place in self._places},
            omitted,
        )

    def _source(self, file: str) -> tuple[str, ...]:
        path = os.path.join(self._folder, file)
        linecache.checkcache(path)
        return tuple(map(str.rstrip, linecache.getlines(path)))

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
        place = Place(file.removeprefix(self._folder), int(number))
        return self._places.setdefault(place, len(self._places))

    def _location(self, owner: object, name: Hashable, site: int) -> str:
        if is_a(name, tuple):
            return f"{self._container(owner, self._sites[site].text)}[{short(name[0])}]"
        if is_a(owner, str):  # the file of a module
            return f"{owner.rpartition('/')[2].removesuffix('.py')}.{name}"
        if is_a(owner, CellType):
            return self._named(owner, str(name))
        if is_a(owner, type):
            return f"{name_of(owner)}.{name}"
        return f"{self._named(owner, name_of(type(owner)))}.{name}"

    def _container(self, owner: object, text: str) -> str:
        """As what has just been looked at, or as ``text``, as it was called when it was first."""
        return self._named(owner, self._looked_at.get(id(owner), text))

    def _named(self, thing: object, name: str) -> str:
        """``name``, with a number from the second one on."""
        known = self._accesses.known(thing)
        if known not in self._names:
            self._names[known] = self._numbered(name)
        return self._names[known]

    def _numbered(self, name: str) -> str:
        number = self._same[name] = self._same.get(name, 0) + 1
        return name if number == 1 else f"{name} {number}"

    def _called(self, task: Task) -> str:
        """The name of a thread, as `Timeline.threads` has it."""
        number = self._number(task)
        return _distinct([printable(str(one)) for one in self._tasks[: number + 1]])[number]

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

    # Locks, and what is waited for

    def _name_of_lock(self, lock: object) -> str | None:
        """By which the code under test calls it, if it is that which asks for it."""
        called, caller = _call()
        thing = _locals(called).get("self")
        if thing is None or caller is None or _lock_of(thing) is not lock:
            return None
        return self._name(thing, caller)

    def _name(self, thing: object, frame: FrameType | None) -> str:
        known = self._accesses.known(thing)
        if known not in self._handles:
            while frame is not None and not (name := _variable(thing, frame)):
                frame = frame.f_back
            self._call(thing, self._numbered(name if frame is not None else _of_type(thing)))
        return self._handles[known]

    def _call(self, thing: object, name: str) -> None:
        self._handles.setdefault(self._accesses.known(thing), name)
        if _is_a(thing, "Condition"):  # whose methods may be those of its lock
            self._handles.setdefault(self._accesses.known(plain(thing, "_lock")), name)

    def _waited_for(self, waiting: object) -> str:
        if is_a(waiting, str):
            return waiting
        called, caller = _call()
        if called is None:
            return "a lock"
        thing = _locals(called).get("self")
        method = called.f_code.co_name
        if _lock_of(thing) is waiting:
            owner = plain(waiting, "_owner")
            held = f", held by {self._called(owner)}" if is_a(owner, Task) else ""
            return f"{self._name(thing, caller)}{held}"
        for cls in map(name_of, bases(type(thing))) if thing is not None else [""]:
            template = WAITS.get((cls, method)) or WAITS.get((cls, ""))
            if template is not None:
                if "{thread}" in template:
                    return template.format(thread=self._thread(thing))
                if cls == "Condition":
                    self._without[self._kernel.current] = self._name(thing, caller)
                if "{name}" in template:
                    return template.format(name=self._name(thing, caller))
                return template
        return called.f_code.co_qualname

    def _thread(self, thread: object) -> str:
        task = self._kernel.tasks.get(plain(thread, "_ident"))  # type: ignore[call-overload]
        return self._called(task) if task else printable(str(plain(thread, "_name")))


WAITS = {
    ("Thread", "join"): "the end of {thread}",
    ("Thread", "start"): "{thread} to begin",
    ("Timer", "run"): "its time to come",
    ("Condition", ""): "a notify of {name}",
    ("Event", ""): "{name} to be set",
    ("Semaphore", ""): "a release of {name}",
    ("Barrier", ""): "the others at {name}",
    ("Queue", "get"): "an item in {name}",
    ("Queue", "put"): "room in {name}",
    ("Queue", "join"): "all of {name} to be done",
    ("_PySimpleQueue", ""): "an item in {name}",
    ("Future", ""): "the result of {name}",
    ("ThreadPoolExecutor", "submit"): "a worker to begin",
    ("Executor", ""): "the work of {name} to be done",
    ("", "_worker"): "work",
    ("", "result_iterator"): "the next result",
    ("", "wait"): "futures to be done",
    ("", "as_completed"): "futures to be done",
}
"""What who calls this method waits for, by class and method: a function is of no class, and any
other method has no name."""


def _call() -> tuple[FrameType | None, FrameType | None]:
    """What the code under test has called, and that code; what a thread runs, if there is none."""
    frame: FrameType | None = sys._getframe(1)
    called = None
    while frame is not None and not _is_asked_for(frame):
        code = frame.f_code
        if not code.co_filename.startswith(HERE) or code.co_filename.startswith(STANDING_IN):
            if (
                code.co_name in ("_bootstrap", "_bootstrap_inner")
                or code.co_qualname == "Thread.run"
            ):
                return called, None
            called = frame
        frame = frame.f_back
    return (called, frame) if frame is not None else (None, None)


def _is_asked_for(frame: FrameType) -> bool:
    """Whether it is of the code under test, or of what drives that."""
    return is_own(frame) or not frame.f_code.co_filename.startswith(OTHERS)


def _line_of(frame: FrameType | None) -> str | None:
    """The innermost such line from ``frame`` on, as file:line."""
    while frame is not None and not _is_asked_for(frame):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame is not None else None


def _locals(frame: FrameType | None) -> Mapping[str, object]:
    if frame is None:
        return {}
    found = frame.f_locals
    if sys.version_info >= (3, 13) or not frame.f_code.co_flags & CO_OPTIMIZED:
        return found
    # A copy, which the frame keeps; unless it is asked for by the code itself, nobody else has it.
    copy = dict(found)
    if not CALLS_LOCALS.intersection(frame.f_code.co_names):
        found.clear()
    return copy


CALLS_LOCALS = {"locals", "vars", "eval", "exec"}


def _lock_of(thing: object) -> object:
    """The lock that a lock, an RLock or a condition is, or is made of."""
    for cls, name in (("Condition", "_lock"), ("RLock", "_block")):
        if _is_a(thing, cls):
            thing = plain(thing, name)
    return thing if name_of(type(thing)) == "Lock" else None


def _is_a(thing: object, cls: str) -> bool:
    return cls in map(name_of, bases(type(thing)))


def _variable(thing: object, frame: FrameType) -> str:
    """The name by which ``frame`` knows it, directly or as an attribute of its ``self``."""
    if not _is_asked_for(frame):
        return ""
    own = _locals(frame)
    for name, value in own.items():
        if value is thing:
            return name
    owner = own.get("self")
    for name, value in variables(owner).items():
        if value is thing:
            return f"{name_of(type(owner))}.{name}"
    for name, value in frame.f_globals.items():
        if value is thing:
            return name
    return ""


def _of_type(thing: object) -> str:
    name = name_of(type(thing))
    return f"{'an' if name[0] in 'AEIOR' else 'a'} {name}"


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


def _shown(value: object, absent: str) -> str:
    return absent if value is ABSENT else "" if value is UNKNOWN else short(value)


def _can_be_referred_to(thing: object) -> bool:
    """Weakly, that is."""
    return bool(vars(type)["__weakrefoffset__"].__get__(type(thing)))


def _is_ours(error: BaseException) -> bool:
    """Whether it comes from here, and not from what is looked at."""
    codes = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)]
    return any(code.co_filename == __file__ for code in codes[1:])


def _present_folder() -> str:
    try:
        return os.getcwd() + os.sep
    except OSError:  # it is gone
        return ""


def _distinct(names: list[str]) -> tuple[str, ...]:
    """``names``, the later of two that are the same with a number."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        number = seen[name] = seen.get(name, 0) + 1
        result.append(name if number == 1 else f"{name} [{number}]")
    return tuple(result)
