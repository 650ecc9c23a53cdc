"""How things are called in a report: as the code under test calls them.

A lock is called by the variable that it was found in, a container as where it was looked at first;
the second of a name bears a number. What a thread waits for is said in words, and not by
the lock that `threading` blocks on.
"""

from collections.abc import Hashable
from types import CellType, FrameType

from threadlab.reports.lines import call, is_shown, locals_of
from threadlab.reports.values import printable, short
from threadlab.simulation.inspection import bases, is_a, name_of, plain, variables
from threadlab.simulation.instrument.sites import Site
from threadlab.simulation.kernel import Kernel, Task
from threadlab.simulation.recording.accesses import Accesses


class Names:
    """Those of one execution: each thing has the same in all of it.

    ``tasks`` are in the order in which they came. ``looked_at`` are containers that the present
    line has read, by id. ``without``: the lock that a waiter is to get back.
    """

    def __init__(self, kernel: Kernel, accesses: Accesses, sites: list[Site]) -> None:
        self._kernel = kernel
        self._accesses = accesses
        self._sites = sites
        self.tasks: list[Task] = []
        self._numbers: dict[Task, int] = {}
        self.looked_at: dict[int, str] = {}
        self.without: dict[Task, str] = {}
        self._names: dict[object, str] = {}  # by what `Accesses` knows the object as
        self._handles: dict[object, str] = {}  # where locks and their like have been found, so, too
        self._same: dict[str, int] = {}  # how many objects have the same name

    def number(self, task: Task) -> int:
        """Of a thread, as `Timeline.threads` has it."""
        number = self._numbers.get(task)
        if number is None:
            number = self._numbers[task] = len(self.tasks)
            self.tasks.append(task)
        return number

    def location(self, owner: object, name: Hashable, site: int) -> str:
        """What a variable or an item is called."""
        if is_a(name, tuple):
            return f"{self.container(owner, self._sites[site].text)}[{short(name[0])}]"
        if is_a(owner, str):  # the file of a module
            return f"{owner.rpartition('/')[2].removesuffix('.py')}.{name}"
        if is_a(owner, CellType):
            return self._named(owner, str(name))
        if is_a(owner, type):
            return f"{name_of(owner)}.{name}"
        return f"{self._named(owner, name_of(type(owner)))}.{name}"

    def container(self, owner: object, text: str) -> str:
        """As what has just been looked at, or as ``text``, as it was called when it was first."""
        return self._named(owner, self.looked_at.get(id(owner), text))

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
        number = self.number(task)
        return distinct([printable(str(one)) for one in self.tasks[: number + 1]])[number]

    # Locks, and what is waited for

    def name_of_lock(self, lock: object) -> str | None:
        """By which the code under test calls it, if it is that which asks for it."""
        called, caller = call()
        thing = locals_of(called).get("self")
        if thing is None or caller is None or _lock_of(thing) is not lock:
            return None
        return self._name(thing, caller)

    def _name(self, thing: object, frame: FrameType | None) -> str:
        known = self._accesses.known(thing)
        if known not in self._handles:
            while frame is not None and not (name := _variable(thing, frame)):
                frame = frame.f_back
            self.call_it(thing, self._numbered(name if frame is not None else of_type(thing)))
        return self._handles[known]

    def call_it(self, thing: object, name: str) -> None:
        """``thing`` is called ``name`` from here on, if it is not called anything yet."""
        self._handles.setdefault(self._accesses.known(thing), name)
        if _is_a(thing, "Condition"):  # whose methods may be those of its lock
            self._handles.setdefault(self._accesses.known(plain(thing, "_lock")), name)

    def waited_for(self, waiting: object) -> tuple[str, Task | None]:
        """What the running task waits for, in words; and the task, if it waits for one."""
        if is_a(waiting, str):
            return waiting, None
        called, caller = call()
        if called is None:  # the laboratory, which has the calls of an object made
            return CALLS, None
        thing = locals_of(called).get("self")
        method = called.f_code.co_name
        if _lock_of(thing) is waiting:
            owner = plain(waiting, "_owner")
            name = self._name(thing, caller)
            if not is_a(owner, Task):
                return name, None
            return f"{name}, held by {self._called(owner)}", owner
        for cls in map(name_of, bases(type(thing))) if thing is not None else [""]:
            template = WAITS.get((cls, method)) or WAITS.get((cls, ""))
            if template is not None:
                if "{thread}" in template:
                    task = self._kernel.tasks.get(plain(thing, "_ident"))  # type: ignore[call-overload]
                    name = self._called(task) if task else printable(str(plain(thing, "_name")))
                    return template.format(thread=name), task
                if cls == "Condition":
                    self.without[self._kernel.current] = self._name(thing, caller)
                if "{name}" in template:
                    return template.format(name=self._name(thing, caller)), None
                return template, None
        return called.f_code.co_qualname, None


CALLS = "the calls to return"

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
"""What a caller of this method waits for, by class and method: a function is of no class, and any
other method has no name."""


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
    if not is_shown(frame):
        return ""
    own = locals_of(frame)
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


def of_type(thing: object) -> str:
    name = name_of(type(thing))
    return f"{'an' if name[0] in 'AEIOR' else 'a'} {name}"


def distinct(names: list[str]) -> tuple[str, ...]:
    """``names``, the later of two that are the same with a number."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        number = seen[name] = seen.get(name, 0) + 1
        result.append(name if number == 1 else f"{name} [{number}]")
    return tuple(result)
