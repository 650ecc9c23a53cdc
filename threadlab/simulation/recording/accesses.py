"""What tasks do to what they share: data races by happens-before, and what a step depends on.

The instrumented code calls this at each access, the fakes at each synchronisation. From that
come, as far as they are asked for,

- `races`: two accesses to one location, one of them a write, that nothing orders. Each task has a
  vector clock, and each location the times of its last write and of the reads since (FastTrack:
  Flanagan and Freund, PLDI 2009). Locks, starts and ends of threads order; so do the methods of
  built-in containers, which are atomic, and looking at a lock or an event. What is only a guess
  orders too: a false alarm is as grave as a missed race.
- `footprint`: what was touched since the last decision, for partial-order reduction. There
  anything counts that could matter, so containers as a whole and time do.

An object is known in other executions by its *label*: the task that touched it first, and how many
that task had touched before. Which task that is may depend on the schedule, so that a label
says nothing about an object that is touched for the first time; then its type stands for it,
unless it has just been created.

Not seen: what code that is not instrumented does to an object of the subject's, unless it is a
method of that object; a container in a container that is looked at as a whole, as ``repr`` does;
``yield from`` a container; a generator that threads share and that ends or raises; a local that is
bound once, but after a thread that reads it was started; what a property returns, when it is an
argument and a later one makes a step; class bodies and modules as they are
executed; thread idents, and the order of ``threading.enumerate()``.
"""

import gc
import sys
import weakref
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from types import (
    BuiltinFunctionType,
    CellType,
    FunctionType,
    GeneratorType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    ModuleType,
    NoneType,
    WrapperDescriptorType,
)
from typing import Any, Literal, NamedTuple, Protocol

from threadlab.simulation.inspection import ABSENT, plain
from threadlab.simulation.instrument import steps
from threadlab.simulation.instrument.steps import Site
from threadlab.simulation.kernel import Kernel, Task, is_own

READ, WRITE, READ_PART, WRITE_PART = 1, 2, 4, 8
"""How something is touched, in a footprint. A part is an item of a container."""

CONTAINERS = (list, dict, set, deque, bytearray)
VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))
READING = {"copy", "count", "get", "index", "items", "keys", "values"} | {
    name for name in dir(set) if name.startswith(("is", "union", "inter", "diff", "symm"))
} - {"intersection_update", "difference_update", "symmetric_difference_update"}
"""Methods of containers that change nothing."""

IMMUTABLE = (str, bytes, int, float, complex, tuple, frozenset, range, type, NoneType, *VIEWS)
SEEN = {"threading", "queue", "concurrent.futures._base", "concurrent.futures.thread", "sched"}
"""Modules that do what they do under locks which are seen."""

METHODS = (
    *(FunctionType, BuiltinFunctionType, MethodDescriptorType, WrapperDescriptorType),
    *(GetSetDescriptorType, property, classmethod, staticmethod),
)
TIME, THREADS, NAMES = "time", "threads", "names"
CLASS = "class"


def conflict(one: int, other: int) -> bool:
    """Whether two ways to touch the same thing do not commute."""
    return bool(
        one & WRITE
        or other & WRITE
        or (one & READ and other & WRITE_PART)
        or (one & WRITE_PART and other & READ)
    )


class Access(NamedTuple):
    """One side of a race. ``stack`` is innermost last, a line for each call."""

    kind: Literal["read", "write"]
    thread: str
    file: str
    line: int
    stack: tuple[str, ...]


class Race(NamedTuple):
    """Two accesses to ``location``, in the order of the execution, which nothing orders."""

    location: str
    first: Access
    second: Access

    @property
    def lines(self) -> frozenset[tuple[str, int]]:
        """The pair of source lines, which is what a race is known by."""
        return frozenset({(a.file, a.line) for a in (self.first, self.second)})

    def __str__(self) -> str:
        sides = (
            f"  {a.kind} in {a.thread}\n" + "\n".join(f"    {line}" for line in a.stack)
            for a in (self.first, self.second)
        )
        return f"data race on {self.location}\n" + "\n".join(sides)


class Footprint:
    """What was touched, by label; for new objects by type; and all of it by type.

    ``cancels``: somebody need not wait any longer for time to pass, which then may never do so.
    """

    __slots__ = ("cancels", "known", "new", "types")

    def __init__(self) -> None:
        self.cancels = False
        self.known: dict[Hashable, int] = {}
        self.new: dict[Hashable, int] = {}
        self.types: dict[Hashable, int] = {}

    def conflicts(self, other: "Footprint") -> bool:
        """Whether these two of different executions may not commute."""
        return (
            _meet(self.known, other.known)
            or _meet(self.new, other.types)
            or _meet(self.types, other.new)
        )


Transition = tuple[Footprint, list[Task]]


def _meet(one: dict[Hashable, int], other: dict[Hashable, int]) -> bool:
    if len(one) > len(other):
        one, other = other, one
    return any(key in other and conflict(how, other[key]) for key, how in one.items())


class _Reference(weakref.ref[Any]):
    __slots__ = ("key",)
    key: int


class _Variable:
    """``write`` is the last one, ``reads`` are the last of each task since."""

    __slots__ = ("reads", "write")

    def __init__(self) -> None:
        self.write: tuple[Task, int, Any] | None = None
        self.reads: dict[Task, tuple[int, Any]] = {}


class _Object:
    __slots__ = ("birth", "keep", "label", "variables")

    def __init__(self, keep: object, label: Hashable, birth: int) -> None:
        self.keep = keep  # so that its id is its own
        self.label = label
        self.birth = birth
        self.variables: dict[Hashable, _Variable] = {}


class _Sync:
    """``clock`` is what to acquire; ``seen`` is what to know who has only looked.

    ``owner`` has acquired it last, and so knows all of ``clock``, if it was not released since: who
    releases an event or a socket need not have.
    """

    __slots__ = ("clock", "keep", "owner", "seen")

    def __init__(self, keep: object) -> None:
        self.keep = keep
        self.clock: list[int] = []
        self.seen: list[int] = []
        self.owner: Task | None = None


class Observer(Protocol):
    """Is shown what the running task does, and must not change it."""

    def spawned(self, task: Task) -> None: ...
    def ended(self) -> None: ...
    def parks(self, deadline: float | None) -> None: ...
    def woken(self, task: Task) -> None: ...
    def acquired(self, sync: object) -> None: ...
    def released(self, sync: object) -> None: ...
    def accessed(self, owner: object, name: Hashable, writes: bool, site: int) -> None: ...
    def called(self, owner: object, method: str, site: int) -> None: ...
    def called_again(self, owner: object, method: str) -> None: ...
    def raced(self) -> None: ...


class Accesses:
    """The recorder of ``kernel``; `races` and `footprint` are of the present execution.

    ``local`` is the class of what each thread has its own of.
    """

    def __init__(self, kernel: Kernel, sites: list[Site], local: type) -> None:
        self._kernel = kernel
        self._sites = sites
        self._local = local
        self._kinds: dict[tuple[type, str], str | bool] = {}
        self._containers: dict[type, bool] = {}
        self._foreign: dict[tuple[type, str], bool] = {}
        self.detecting = True
        self.reducing = False
        self.with_stacks = False
        self.observer: Observer | None = None
        self.begin()

    def functions(self) -> dict[str, Callable[..., object]]:
        """What instrumented code calls, by its names there."""
        functions: dict[str, Callable[..., object]] = {
            steps.READ: self._read,
            steps.WRITE: self._write,
            steps.WROTE: self._wrote,
            steps.READ_ITEM: self._read_item,
            steps.WRITE_ITEM: self._write_item,
            steps.WROTE_ITEM: self._wrote_item,
            steps.READ_NAME: self._read_name,
            steps.WROTE_NAME: self._wrote_name,
            steps.CALL: self._call_on,
            steps.CALL_AGAIN: self._call_again,
            steps.USE: self._use,
            steps.CHANGE: self._change,
            steps.ITERATE: self._iterate,
        }
        assert set(functions) == set(steps.RECORDED)
        return functions

    # What the kernel and the fakes call

    def begin(self) -> None:
        """A new execution."""
        self.races: list[Race] = []
        self.footprint = Footprint()
        self.roused: list[Task] = []
        self._closed: list[Transition] = []
        self.transition = 0
        self._on = self._kernel.running and (self.detecting or self.reducing)
        self._objects: dict[int, _Object] = {}
        self._syncs: dict[int, _Sync] = {}
        self._labels: dict[tuple[int, ...], int] = {}
        self._tasks = 0

    def end(self) -> None:
        """From here on what is left is unwound."""
        self._on = False

    def take_footprints(self) -> list[Transition]:
        """What was touched since the last call, and which tasks can run now that could not.

        First by what was chosen at the last decision, and then each time that nobody could run,
        by the clock.
        """
        self.idle()
        result, self._closed = self._closed, []
        return result

    def idle(self) -> None:
        self._closed.append((self.footprint, self.roused))
        self.footprint, self.roused = Footprint(), []
        self.transition += 1

    def spawned(self, task: Task) -> None:
        task.number = self._tasks
        self._tasks += 1
        if task.number:
            parent = self._kernel.current
            task.clock = [*parent.clock, *[0] * (self._tasks - len(parent.clock))]
            parent.clock[parent.number] += 1
            self.roused.append(task)
            self._touch_world(THREADS, WRITE_PART)
        else:
            task.clock = [0]
        task.clock[task.number] = 1
        if self.observer is not None:
            self.observer.spawned(task)

    def ended(self, thread: object) -> None:
        self.release(thread)
        self._touch_world(THREADS, WRITE_PART)
        if self._on and self.observer is not None:
            self.observer.ended()

    def named(self) -> None:
        """A thread has taken the next of the numbers for names."""
        self._touch_world(NAMES, WRITE)

    def counted(self) -> None:
        """How many threads there are."""
        self._touch_world(THREADS, READ)

    def called(self, owner: object, method: str) -> None:
        """A method is called of which the code is not instrumented."""
        self._call_on(owner, method, 0)

    def create(self, sync: object) -> None:
        """A new object, which no other task can know yet."""
        if self._on and self.reducing:
            self._object(sync).birth = -1

    def acquire(self, sync: object) -> None:
        if not self._on:
            return
        clocks = self._sync(sync)
        task = self._kernel.current
        if clocks.clock:
            _join(task.clock, clocks.clock)
        clocks.seen = task.clock.copy()
        clocks.owner = task
        task.clock[task.number] += 1
        if self.reducing:
            self._touch(self._object(sync), "", WRITE, sync)
        if self.observer is not None:
            self.observer.acquired(sync)

    def release(self, sync: object) -> None:
        if not self._on:
            return
        clocks = self._sync(sync)
        task = self._kernel.current
        clock = task.clock.copy()
        if clocks.clock and clocks.owner is not task:
            _join(clock, clocks.clock)
        clocks.clock = clocks.seen = clock
        clocks.owner = None
        task.clock[task.number] += 1
        if self.reducing:
            self._touch(self._object(sync), "", WRITE, sync)
        if self.observer is not None:
            self.observer.released(sync)

    def look(self, sync: object) -> None:
        if not self._on:
            return
        clocks = self._sync(sync)
        if clocks.seen:
            _join(self._kernel.current.clock, clocks.seen)
        if self.reducing:
            self._touch(self._object(sync), "", READ, sync)

    def attempt(self, sync: object) -> None:
        """To want to acquire, and to wait."""
        if self._on and self.reducing:
            self._touch(self._object(sync), "", WRITE, sync)

    def woken(self, task: Task) -> None:
        if not self._on:
            return
        self.roused.append(task)
        if task.timer and self.reducing:
            self.timed(passes=False)
            self.footprint.cancels = True
        if self.observer is not None:
            self.observer.woken(task)

    def parks(self, deadline: float | None) -> None:
        if deadline is not None:
            self.timed(passes=False)
        if self._on and self.observer is not None:
            self.observer.parks(deadline)

    def timed(self, passes: bool) -> None:
        self._touch_world(TIME, WRITE if passes else READ)

    def _touch_world(self, name: str, how: int) -> None:
        if self._on and self.reducing:
            self.footprint.known[name] = self.footprint.known.get(name, 0) | how

    # What the instrumented code calls

    def _read(self, owner: object, name: str, site: int) -> object:
        if self._on and (at := self._owner(owner, name)) is not None:
            self._access(at, name, False, site)
            if at is not owner:
                self._passed_over(owner, name, at, site)
        return owner

    def _passed_over(self, owner: object, name: str, at: object, site: int) -> None:
        """Where a variable was looked for before it was found: to write it there matters."""
        if isinstance(owner, ModuleType):
            return
        if not isinstance(owner, type):
            self._access(owner, name, False, site)
            owner = type(owner)
        for base in owner.__mro__:
            if base is at:
                return
            self._access(base, name, False, site)

    def _write(self, owner: object, name: str, site: int) -> object:
        if self._on and (at := self._written(owner, name)) is not None:
            self._access(at, name, True, site)
        return owner

    def _wrote(self, value: object, owner: object, name: str, site: int) -> object:
        self._write(owner, name, site)
        if self._on and self.reducing:  # a list is changed in its place
            self._change(getattr(owner, "__dict__", {}).get(name), site)
        return value

    def _read_item(self, owner: object, key: object, site: int) -> object:
        if self._on and self._is_container(owner):
            self._item(owner, key, False, site)
        return owner

    def _write_item(self, owner: object, key: object, site: int) -> object:
        if self._on and self._is_container(owner):
            self._item(owner, key, True, site)
        return owner

    def _wrote_item(self, value: object, owner: object, key: object, site: int) -> object:
        self._write_item(owner, key, site)
        if self._on and self.reducing and self._is_container(owner) and key is not None:
            with suppress(LookupError, TypeError):
                self._change(owner[key], site)  # type: ignore[index]
        return value

    def _read_name(self, closure: tuple[CellType] | None, name: str, site: int) -> None:
        if self._on:
            at = closure[0] if closure else sys.intern(self._sites[site].file)
            self._access(at, name, False, site)

    def _wrote_name(
        self, value: object, closure: tuple[CellType] | None, name: str, site: int
    ) -> object:
        if self._on:
            at = closure[0] if closure else sys.intern(self._sites[site].file)
            self._access(at, name, True, site)
        return value

    def _call_on(self, owner: object, name: str, site: int) -> object:
        if self._on:
            if self._is_container(owner):
                if name in READING:
                    self.look(owner)
                else:
                    self.acquire(owner)
                    self.release(owner)
                if self.observer is not None:
                    self.observer.called(owner, name, site)
            elif (at := self._owner(owner, name)) is not None:
                self._access(at, name, False, site)
                if at is not owner:
                    self._passed_over(owner, name, at, site)
            elif self.reducing and self._is_foreign(owner, name):
                self._touch(self._object(owner), "", WRITE, owner)
        return owner

    def _call_again(
        self, value: object, owner: object, path: tuple[str, ...], name: str, site: int
    ) -> object:
        if self._on and (self.reducing or self.observer is not None):
            for attribute in path:
                owner = plain(owner, attribute)
            if owner is ABSENT:  # a property, which is not to be called twice
                return value
            if self.observer is not None:
                self.observer.called_again(owner, name)
            if self.reducing:
                if not name or self._is_container(owner):
                    self._look_into(owner, READ if name in READING else WRITE)
                elif self._is_foreign(owner, name):
                    self._touch(self._object(owner), "", WRITE, owner)
        return value

    def _use(self, value: object, site: int) -> object:
        if self._on and self.reducing:
            self._look_into(value, READ)
        return value

    def _change(self, value: object, site: int) -> object:
        if self._on and self.reducing:
            self._look_into(value, WRITE)
        return value

    def _look_into(self, value: object, how: int) -> None:
        """Touch a container, or an iterator or view and what that is of."""
        if self._is_container(value):
            self._touch(self._object(value), "", how, value)
        elif isinstance(value, VIEWS):
            for one in gc.get_referents(value):
                self._look_into(one, READ)
        elif _is_iterator(value):
            self._touch(self._object(value), "", WRITE, value)
            if type(value).__module__ in ("builtins", "itertools") and not isinstance(
                value, GeneratorType
            ):
                for one in gc.get_referents(value):
                    for part in one if isinstance(one, tuple) else (one,):
                        self._look_into(part, READ)

    def _iterate(self, value: Iterable[object], site: int) -> Iterable[object]:
        if (
            self._on
            and self.reducing
            and (self._is_container(value) or isinstance(value, VIEWS) or _is_iterator(value))
        ):
            return self._each(value)
        return value

    def _each(self, value: Iterable[object]) -> Iterator[object]:
        iterator = iter(value)
        while True:
            self._look_into(value, READ)
            try:
                one = next(iterator)
            except StopIteration:
                return
            finally:  # one of ours may have made steps
                self._look_into(value, READ)
            yield one

    # Locations

    def _owner(self, owner: object, name: str) -> object:
        """Whose variable ``owner.name`` is when it is read; none if it is no variable."""
        cls = type(owner)
        kind = self._kinds.get((cls, name))
        if kind is None:
            kind = self._kinds[cls, name] = self._kind(cls, name)
        if kind is True:
            return owner
        if kind is False:
            return None
        if isinstance(owner, ModuleType):
            return self._module(owner)
        own = getattr(owner, "__dict__", {})
        if not isinstance(owner, type):
            if name in own:
                return owner
            owner = cls
        for base in owner.__mro__:
            if name in vars(base):
                return None if isinstance(vars(base)[name], METHODS) else base
        return None

    def _written(self, owner: object, name: str) -> object:
        """Whose variable ``owner.name`` is when it is written."""
        if isinstance(owner, ModuleType):
            return self._module(owner)
        if isinstance(owner, type):
            return owner
        at = self._owner(owner, name)
        kind = self._kinds[type(owner), name]
        return owner if kind is CLASS else at

    def _module(self, module: ModuleType) -> object:
        return sys.intern(module.__file__ or "") if steps.STEP in vars(module) else None

    def _kind(self, cls: type, name: str) -> str | bool:
        """Whether each of ``cls`` has a variable ``name`` of its own, or it depends."""
        if issubclass(cls, self._local) or name.startswith("__"):
            return False
        if issubclass(cls, ModuleType | type):
            return CLASS
        for base in cls.__mro__:
            if name in vars(base):
                value = vars(base)[name]
                if isinstance(value, MemberDescriptorType):
                    return True
                # What is looked up through a descriptor is code, and records by itself.
                return False if isinstance(value, METHODS) or hasattr(value, "__get__") else CLASS
        return True

    def _is_container(self, value: object) -> bool:
        cls = type(value)
        known = self._containers.get(cls)
        if known is None:
            known = issubclass(cls, CONTAINERS) and not isinstance(
                getattr(cls, "__getitem__", None), FunctionType
            )
            self._containers[cls] = known
        return known

    def _is_foreign(self, owner: object, name: str) -> bool:
        """Whether nothing is seen of the method ``name``, which may change ``owner``."""
        if isinstance(owner, ModuleType):
            return owner.__name__ == "random"
        key = type(owner), name
        known = self._foreign.get(key)
        if known is None:
            method = getattr(type(owner), name, None)
            module = getattr(method, "__globals__", {}).get("__name__", "")
            known = not (
                isinstance(owner, IMMUTABLE)
                or steps.STEP in getattr(method, "__globals__", {})
                or module in SEEN
                or module.startswith(__name__.rpartition(".")[0])
            )
            self._foreign[key] = known
        return known

    def _object(self, owner: object) -> _Object:
        key = id(owner)
        known = self._objects.get(key)
        if known is None:
            path = self._kernel.current.path
            number = self._labels[path] = self._labels.get(path, 0) + 1
            try:
                keep = _Reference(owner, self._forget)
                keep.key = key
            except TypeError:
                keep = owner  # type: ignore[assignment]  # one without weak references
            known = self._objects[key] = _Object(keep, (path, number), self.transition)
        return known

    def _forget(self, reference: _Reference) -> None:
        known = self._objects.get(reference.key)
        if known is not None and known.keep is reference:
            del self._objects[reference.key]

    def known(self, owner: object) -> object:
        """What stands for ``owner`` as long as that lives, and keeps it alive only if it must."""
        return self._object(owner)

    def weakly(self, owner: object) -> Callable[[], object]:
        """Returns ``owner``, or none when it is gone; keeps it alive only if `known` must."""
        keep = self._object(owner).keep
        return keep if type(keep) is _Reference else lambda: keep

    def _sync(self, sync: object) -> _Sync:
        clocks = self._syncs.get(id(sync))
        if clocks is None:
            clocks = self._syncs[id(sync)] = _Sync(sync)
        return clocks

    def _item(self, owner: object, key: object, writes: bool, site: int) -> None:
        if isinstance(key, int | str | float | bytes | tuple) and _is_constant(key):
            if isinstance(key, int) and key < 0 and not isinstance(owner, dict):
                key += len(owner)  # type: ignore[arg-type]  # a container has a length
            self._access(owner, (key,), writes, site)
            if self.reducing:
                at = self._object(owner)
                if (
                    isinstance(owner, dict)
                    and (writes or hasattr(type(owner), "__missing__"))
                    and key not in owner
                ):
                    self._touch(at, (key,), WRITE, owner)
                    self._touch(at, None, WRITE, owner)  # the order of insertion
                    writes = True
                self._touch(at, "", WRITE_PART if writes else READ_PART, owner)
        elif self.reducing:
            writes = writes or hasattr(type(owner), "__missing__")
            self._touch(self._object(owner), "", WRITE if writes else READ, owner)

    def _touch(self, at: _Object, name: Hashable, how: int, owner: object) -> None:
        footprint = self.footprint
        cls = type(owner)
        kind = (cls.__module__, cls.__qualname__, name)  # a class may be made in each execution
        footprint.types[kind] = footprint.types.get(kind, 0) | how
        if at.birth == self.transition:
            footprint.new[kind] = footprint.new.get(kind, 0) | how
        key = (at.label, name)
        footprint.known[key] = footprint.known.get(key, 0) | how

    def _access(self, owner: object, name: Hashable, writes: bool, site: int) -> None:
        at = self._object(owner)
        if self.reducing:
            self._touch(at, name, WRITE if writes else READ, owner)
        if self.observer is not None:
            self.observer.accessed(owner, name, writes, site)
        if not self.detecting:
            return
        variable = at.variables.get(name)
        if variable is None:
            variable = at.variables[name] = _Variable()
        task = self._kernel.current
        clock = task.clock
        here = (site, _stack()) if self.with_stacks else site
        last = variable.write
        if last is not None and last[0] is not task and last[1] > _time(clock, last[0].number):
            self._race(owner, name, ("write", last[0], last[2]), (writes, task, here))
        if writes:
            for reader, (time, place) in variable.reads.items():
                if reader is not task and time > _time(clock, reader.number):
                    self._race(owner, name, ("read", reader, place), (writes, task, here))
            variable.reads.clear()
            variable.write = (task, clock[task.number], here)
        else:
            variable.reads[task] = (clock[task.number], here)

    def _race(self, owner: object, name: Hashable, first: Any, second: Any) -> None:
        kind, task, here = second
        sides = [self._side(*first), self._side("write" if kind else "read", task, here)]
        site = self._sites[here[0] if isinstance(here, tuple) else here]
        self.races.append(Race(_location(owner, name, site), *sides))
        if self.observer is not None:
            self.observer.raced()

    def _side(self, kind: Literal["read", "write"], task: Task, here: Any) -> Access:
        number, stack = here if isinstance(here, tuple) else (here, ())
        site = self._sites[number]
        return Access(kind, str(task), site.file, site.line, stack)


def _location(owner: object, name: Hashable, site: Site) -> str:
    if isinstance(name, tuple):
        return f"{site.text}[{name[0]!r}]"
    if isinstance(owner, str):
        return f"{owner.rpartition('/')[2].removesuffix('.py')}.{name}"
    if isinstance(owner, CellType):
        return str(name)
    return f"{(owner if isinstance(owner, type) else type(owner)).__name__}.{name}"


def _is_iterator(value: object) -> bool:
    return hasattr(type(value), "__next__")


def _is_constant(key: object) -> bool:
    if isinstance(key, tuple):
        return all(map(_is_constant, key))
    return isinstance(key, int | str | float | bytes | type(None))


def _join(clock: list[int], other: list[int]) -> None:
    clock += [0] * (len(other) - len(clock))
    for number, time in enumerate(other):
        if time > clock[number]:
            clock[number] = time


def _time(clock: list[int], number: int) -> int:
    return clock[number] if number < len(clock) else 0


def _stack() -> tuple[str, ...]:
    """The calls of the code under test that lead here, innermost last."""
    frame = sys._getframe(1)
    lines: list[str] = []
    while frame.f_back is not None:
        code = frame.f_code
        if is_own(frame):
            file = code.co_filename.rpartition("/")[2]
            lines.append(f"{file}:{frame.f_lineno} in {code.co_qualname}")
        frame = frame.f_back
    return tuple(reversed(lines))
