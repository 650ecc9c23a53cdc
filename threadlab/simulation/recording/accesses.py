"""What tasks do to what they share: told by the instrumented code and the fakes, passed on.

The instrumented code calls this at each access, the fakes at each synchronisation. Here is decided
*what* has been accessed; what comes of it, as far as that is asked for, stands in the rooms beside:

- `happens_before`: data races.
- `footprints`: what was touched since the last decision, for partial-order reduction.
- an `Observer` that looks on, for the report of the one execution that is shown.

Which object it was, `identity` knows; whose variable, `variables`.

Not seen: what other code does to an object of the code under test, unless it is a method of that
object; a container in a container that is looked at as a whole, as ``repr`` does;
``yield from`` a container; a generator that threads share and that ends or raises; a local that is
bound once, but after a thread that reads it was started; what a property returns, when it is an
argument and a later one makes a step; class bodies and modules as they are
executed; thread idents, and the order of ``threading.enumerate()``.
"""

import gc
import sys
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import CellType, GeneratorType, ModuleType
from typing import Protocol

from threadlab.simulation.inspection import ABSENT, bases, identity, is_a, plain, variables
from threadlab.simulation.instrument import sites
from threadlab.simulation.instrument.sites import Site
from threadlab.simulation.kernel import Kernel, Task
from threadlab.simulation.recording.footprints import (
    CALLS,
    INTERRUPTS,
    NAMES,
    READ,
    READ_PART,
    STATE,
    THREADS,
    TIME,
    WRITE,
    WRITE_PART,
    Footprints,
    Transition,
)
from threadlab.simulation.recording.happens_before import HappensBefore, Order, Race, Variable
from threadlab.simulation.recording.identity import Known, Objects
from threadlab.simulation.recording.lives import Lives
from threadlab.simulation.recording.variables import (
    READING,
    VIEWS,
    Variables,
    is_constant,
    is_iterator,
)

ALL = "__dict__"
"""The name of all attributes of an object."""


class Observer(Protocol):
    """Looks on while accesses are recorded; it must not change what the running task does."""

    def spawned(self, task: Task) -> None: ...
    def ended(self) -> None: ...
    def parks(self, deadline: float | None) -> None: ...
    def woken(self, task: Task) -> None: ...
    def raises(self, error: BaseException) -> None: ...
    def acquired(self, sync: object) -> None: ...
    def released(self, sync: object) -> None: ...
    def accessed(self, owner: object, name: Hashable, writes: bool, site: int) -> None: ...
    def called(self, owner: object, method: str, site: int) -> None: ...
    def called_again(self, owner: object, method: str) -> None: ...
    def raced(self) -> None: ...


class Accesses:
    """The recorder of ``kernel``; `races` and the footprints are of the present execution.

    ``detecting``: races are wanted; ``reducing``: footprints are. ``local`` is the class of what
    each thread has its own of.
    """

    def __init__(self, kernel: Kernel, sites: list[Site], local: type) -> None:
        self._kernel = kernel
        self._sites = sites
        self._lives = lives = Lives()
        self._order = order = HappensBefore(kernel, sites, lives)
        # At hand, as they are called at each access.
        self._acquire, self._release, self._accessed = order.acquire, order.release, order.access
        self._objects = Objects(lives)
        variables = Variables(local)
        self._owner, self._written = variables.read, variables.written
        self.is_container, self._is_foreign = variables.is_container, variables.is_foreign
        self.detecting = True
        self.reducing = False
        self.observer: Observer | None = None
        self.begin()
        self._on = False  # nothing is executed yet

    @property
    def races(self) -> list[Race]:
        return self._order.races

    @property
    def orders(self) -> set[Order]:
        return self._order.orders

    @contextmanager
    def stacks(self) -> Iterator[None]:
        """Within the block, races have the calls that led to them, and there are no footprints."""
        reducing, self.reducing = self.reducing, False
        self._order.with_stacks = True
        try:
            yield
        finally:
            self._order.with_stacks = False
            self.reducing = reducing

    def functions(self) -> dict[str, Callable[..., object]]:
        """What instrumented code calls, by its names there."""
        functions: dict[str, Callable[..., object]] = {
            sites.STEP: self._lives.before(self._kernel.step),
            sites.READ: self._read,
            sites.WRITE: self._write,
            sites.WROTE: self._wrote,
            sites.READ_ITEM: self._read_item,
            sites.WRITE_ITEM: self._write_item,
            sites.WROTE_ITEM: self._wrote_item,
            sites.READ_NAME: self._read_name,
            sites.WROTE_NAME: self._wrote_name,
            sites.CALL: self._call_on,
            sites.CALL_AGAIN: self._call_again,
            sites.USE: self._use,
            sites.CHANGE: self._change,
            sites.ITERATE: self._iterate,
        }
        assert set(functions) == {sites.STEP, *sites.RECORDED}
        return functions

    # What the kernel and the fakes call

    def begin(self) -> None:
        """A new execution."""
        self._lives.begin()
        self._order.begin()
        self._objects.begin()
        self._known = self._objects.by_id
        self._footprints = Footprints()
        self._touch = self._footprints.touch
        self._on = self.detecting or self.reducing

    def end(self) -> None:
        """From here on what is left is unwound."""
        self._on = False

    def suspend(self) -> None:
        """What is told until `resume` is no part of the execution."""
        self._suspended, self._on = self._on, False

    def resume(self) -> None:
        self._on = self._suspended

    def take_footprints(self) -> list[Transition]:
        """What was touched since the last call, and which tasks can run now that could not.

        First by what was chosen at the last decision, and then each time that nobody could run,
        by the clock.
        """
        return self._footprints.take()

    def idle(self) -> None:
        if self._on and self.reducing:
            self._footprints.close()

    def spawned(self, task: Task) -> None:
        self._order.spawned(task)
        if task.number and self._on:
            self._footprints.rouse(task)
            self._touch_world(THREADS, WRITE_PART)
        if self.observer is not None:
            self.observer.spawned(task)

    def ending(self) -> None:
        """The running task has done all that it does, and has no variables any longer."""
        self._lives.let_go()

    def ended(self, thread: object) -> None:
        self.release(thread)
        self._touch_world(THREADS, WRITE_PART)
        if self._on and self.observer is not None:
            self.observer.ended()

    def named(self) -> None:
        """A thread has taken the next of the numbers for names."""
        self._touch_world(NAMES, WRITE)

    def invoked(self) -> None:
        """A call of a history begins: after those that have ended, and beside the others."""
        self._touch_world(CALLS, READ)

    def responded(self) -> None:
        """A call of a history has ended."""
        self._touch_world(CALLS, WRITE_PART)

    def raises(self, error: BaseException) -> None:
        """A call of a history is about to end with that."""
        if self._on and self.observer is not None:
            self.observer.raises(error)

    def watched(self) -> None:
        """Somebody has looked at all there is: in which order anything is done matters."""
        self._touch_world(STATE, WRITE)

    def interrupts(self) -> None:
        """The main thread is to be interrupted."""
        self._touch_world(INTERRUPTS, WRITE)

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
        self._acquire(sync)
        if self.reducing:
            self._touch(self._object(sync), "", WRITE, sync)
        if self.observer is not None:
            self.observer.acquired(sync)

    def release(self, sync: object) -> None:
        if not self._on:
            return
        self._release(sync)
        if self.reducing:
            self._touch(self._object(sync), "", WRITE, sync)
        if self.observer is not None:
            self.observer.released(sync)

    def look(self, sync: object) -> None:
        if not self._on:
            return
        self._order.look(sync)
        if self.reducing:
            self._touch(self._object(sync), "", READ, sync)

    def attempt(self, sync: object) -> None:
        """To want to acquire, and to wait."""
        if self._on and self.reducing:
            self._touch(self._object(sync), "", WRITE, sync)

    def woken(self, task: Task) -> None:
        if not self._on:
            return
        if self.reducing:
            self._footprints.rouse(task)
            if task.timer:
                self._footprints.cancel()
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
            self._footprints.touch_world(name, how)

    # What the instrumented code calls

    def _read(self, owner: object, name: str, site: int) -> object:
        if name == ALL and self._on and self.reducing:  # each may be read or changed by that
            self._touch(self._object(owner), ALL, WRITE, owner)
        if self._on and (at := self._owner(owner, name)) is not None:
            self._access(at, name, False, site)
            if at is not owner:
                self._passed_over(owner, name, at, site)
        return owner

    def _passed_over(self, owner: object, name: str, at: object, site: int) -> None:
        """Where a variable was looked for before it was found: to write it there matters."""
        if is_a(owner, ModuleType):
            return
        cls = owner if is_a(owner, type) else type(owner)
        if cls is not owner:
            self._access(owner, name, False, site)
        for base in bases(cls):
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
            self._change(variables(owner).get(name), site)
        return value

    def _read_item(self, owner: object, key: object, site: int) -> object:
        if self._on and self.is_container(owner):
            self._item(owner, key, False, site)
        return owner

    def _write_item(self, owner: object, key: object, site: int) -> object:
        if self._on and self.is_container(owner):
            self._item(owner, key, True, site)
        return owner

    def _wrote_item(self, value: object, owner: object, key: object, site: int) -> object:
        self._write_item(owner, key, site)
        if self._on and self.reducing and self.is_container(owner) and key is not None:
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
            if self.is_container(owner):
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
        if self._on:
            for attribute in path:
                owner = plain(owner, attribute)
            if owner is ABSENT:  # a property, which is not to be called twice
                return value
            if self.detecting and name not in READING and self.is_container(owner):
                self._acquire(owner)
                self._release(owner)  # what the arguments have done comes before the call, too
            if self.observer is not None:
                self.observer.called_again(owner, name)
            if self.reducing:
                if not name or self.is_container(owner):
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
        if self.is_container(value):
            self._touch(self._object(value), "", how, value)
        elif issubclass(type(value), VIEWS):
            for one in gc.get_referents(value):
                self._look_into(one, READ)
        elif is_iterator(value):
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
            and (self.is_container(value) or issubclass(type(value), VIEWS) or is_iterator(value))
        ):
            return self._each(value)
        return value

    def _each(self, value: Iterable[object]) -> Iterator[object]:
        iterator = iter(value)
        while True:
            self._look_into(value, READ)
            try:
                one = [next(iterator)]
            except StopIteration:
                return
            finally:  # one of ours may have made steps
                self._look_into(value, READ)
            yield one.pop()  # so that it is not held here meanwhile

    # What all of it comes to

    def _object(self, owner: object) -> Known:
        known = self._known.get(identity(owner))
        if known is None:
            path = self._kernel.current.path
            known = self._objects.add(owner, path, self._footprints.transition)
        return known

    def known(self, owner: object) -> object:
        """What stands for ``owner`` as long as that lives."""
        return self._object(owner)

    def weakly(self, owner: object) -> Callable[[], object]:
        """Returns ``owner``, or none when it is gone."""
        self._object(owner)
        return self._lives.weakly(owner)

    def _access(self, owner: object, name: Hashable, writes: bool, site: int) -> None:
        at = self._known.get(identity(owner)) or self._object(owner)
        if self.reducing:
            self._touch(at, name, WRITE if writes else READ, owner)
            if isinstance(name, str):
                self._touch(at, ALL, READ, owner)
        if self.observer is not None:
            self.observer.accessed(owner, name, writes, site)
        if self.detecting:
            variable = at.variables.get(name)
            if variable is None:
                variable = at.variables[name] = Variable()
            raced = self._accessed(variable, owner, name, writes, site)
            if raced and self.observer is not None:
                self.observer.raced()

    def _item(self, owner: object, key: object, writes: bool, site: int) -> None:
        if isinstance(key, int | str | float | bytes | tuple) and is_constant(key):
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
