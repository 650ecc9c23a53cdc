"""Modules as they were after their import, so that each execution begins with the same.

To import the program anew for each execution would be the simplest, and costs a hundred times what
an execution does. So what can be reached from the modules of the world is looked at once. Each
namespace, class, function, container and instance is a *cell*, of which a shallow copy is kept.
After an execution what is no longer as it was is put back, in its place, so that whoever refers to
it sees that, too. No code of the program is run for it: values are compared by identity, and
containers are reached past the methods of their class.

To see that nothing has changed must cost next to nothing. So all cells are compared at once, by a
few functions in C that run over all values in one go. Only when they find a difference is each cell
asked; one that has ever changed is asked by itself from then on. And what is installed has
thousands of cells, hardly any of which change while a program runs: of these it is only seen each
time whether a container is longer or shorter than it was, as a cache is that has been filled. The
rest of them is compared after executions 1, 2, 4, 8 and so on, and after each that failed.

What is used up, a ``count`` or an iterator, cannot be put back. So each execution has a copy of it.

Not put back: how far a generator of a module has run, how often a cached function was asked, a
bounded cache that the import had filled, and what modules keep that are shared with the process.
"""

import ast
import copy
import gc
import io
import itertools
import operator
import random
import sys
import weakref
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from types import (
    CellType,
    CodeType,
    FrameType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodWrapperType,
    ModuleType,
    TracebackType,
)
from typing import Any, Protocol

from threadlab.simulation.inspection import bases, identity, variables

ATOMS = {
    *(int, float, complex, bool, str, bytes, range, slice, object, type(None), type(...)),
    *(CodeType, FrameType, TracebackType, ModuleType, GetSetDescriptorType, MemberDescriptorType),
    *(type(NotImplemented), type(len), type(list.append), type(int.__add__), type(dict.fromkeys)),
}
"""Types of what has no state of its own, and leads to none."""

BYNAMES = {"__annotations__", "__builtins__", "__cached__", "__loader__", "__spec__"}
"""What is in the namespaces of all modules and classes, and is not the program's."""

LABORATORY, FAKES = "threadlab.", "threadlab.simulation.modules."
"""Objects of the laboratory are not looked into, except for locks and whatever else is a fake."""

UNSET = object()
IMMUTABLE = 1 << 8
"""The flag of a class of which nothing can be changed."""

_of_class: Any = vars(type)["__dict__"].__get__
_CONTENTS: Any = vars(CellType)["cell_contents"]
_OF_FUNCTION: Any = [
    vars(FunctionType)[name] for name in ("__defaults__", "__kwdefaults__", "__module__")
]
_CACHE: Any = type(lru_cache(len))
_STATE_OF_RANDOM: Any = random.Random.__mro__[1]
_ITERABLES: list[Any] = [[], (), "", "ö", b"", bytearray(), range(0), range(1 << 70)]
_ITERATORS: tuple[Any, ...] = tuple(type(iter(one)) for one in _ITERABLES)


class Cell(Protocol):
    """Something of which a copy is kept."""

    def changed(self) -> bool: ...
    def put_back(self) -> None: ...


def _refill_dict(thing: dict[Any, Any], copied: dict[Any, Any]) -> None:
    dict.clear(thing)
    dict.update(thing, copied)


def _refill_ordered(thing: "OrderedDict[Any, Any]", copied: dict[Any, Any]) -> None:
    OrderedDict.clear(thing)
    for key, value in copied.items():
        OrderedDict.__setitem__(thing, key, value)


def _refill_set(thing: set[Any], copied: set[Any]) -> None:
    set.clear(thing)
    set.update(thing, copied)


def _refill_deque(thing: deque[Any], copied: list[Any]) -> None:
    deque.clear(thing)
    deque.extend(thing, copied)


def _refill_slice(base: Any, thing: Any, copied: Any) -> None:
    base.__setitem__(thing, slice(None), copied)


_WAYS: dict[Any, tuple[Callable[[Any], Any], Callable[[Any, Any], None]]] = {
    OrderedDict: (
        lambda one: {key: dict.__getitem__(one, key) for key in OrderedDict.__iter__(one)},
        _refill_ordered,
    ),
    dict: (dict.copy, _refill_dict),
    list: (list.copy, partial(_refill_slice, list)),
    set: (set, _refill_set),
    deque: (lambda one: list(deque.__iter__(one)), _refill_deque),
    bytearray: (bytearray.copy, partial(_refill_slice, bytearray)),
}
"""How each kind of container is copied, and filled anew."""


class _Contents:
    """What a container holds; ``base`` is what it is built on."""

    def __init__(self, thing: Any, base: Any) -> None:
        self.thing = thing
        self._base = base
        copied, self._refill = _WAYS[base]
        self.copy = copied(thing)
        if base in (set, OrderedDict) and self.copy:
            self._refill(thing, self.copy)  # so that it is in the order that it will be put back in
        self.parts: Any = self.copy if base is not set else list(set.__iter__(thing))

    @property
    def plain(self) -> bool:
        """Whether nothing but what is built in is asked when it is iterated over."""
        return type(self.thing) is self._base is not OrderedDict

    def changed(self) -> bool:
        thing, base, parts = self.thing, self._base, self.parts
        return (
            base.__len__(thing) != len(parts)
            or not all(map(operator.is_, base.__iter__(thing), parts))
            or (
                issubclass(base, dict)
                and not all(map(operator.is_, dict.values(thing), parts.values()))
            )
        )

    def put_back(self) -> None:
        self._forget_the_dead()
        self._refill(self.thing, self.copy)

    def _forget_the_dead(self) -> None:
        """What was referred to weakly, and is gone, cannot come back."""
        copied: Any = self.copy
        if isinstance(copied, dict):
            dead = [item for item in copied.items() if any(map(_is_dead, item))]
            for key, _value in dead:
                del copied[key]
        else:
            dead = list(filter(_is_dead, self.parts))
            if dead and isinstance(copied, set):
                copied.difference_update(dead)
                self.parts = [one for one in self.parts if one in copied]
            elif dead:
                copied[:] = [one for one in copied if not _is_dead(one)]


def _is_dead(value: Any) -> bool:
    return issubclass(type(value), weakref.ref) and weakref.ref.__call__(value) is None


class _Class:
    """The attributes of a class."""

    def __init__(self, cls: type) -> None:
        self.cls = cls
        self.thing: dict[str, Any] = gc.get_referents(_of_class(cls))[0]
        self.copy = self.parts = self.thing.copy()

    plain = True

    def changed(self) -> bool:
        return len(self.thing) != len(self.copy) or not (
            all(map(operator.is_, self.thing, self.copy))
            and all(map(operator.is_, self.thing.values(), self.copy.values()))
        )

    def put_back(self) -> None:
        for name in [name for name in self.thing if name not in self.copy]:
            type.__delattr__(self.cls, name)
        for name, value in self.copy.items():
            if self.thing.get(name, UNSET) is not value:
                type.__setattr__(self.cls, name, value)
        self.copy = self.parts = self.thing.copy()  # its order may be another now


class _Attribute:
    """What is not in a dict: what is in a slot, the contents of a closure's cell."""

    def __init__(self, thing: object, descriptor: Any) -> None:
        self.thing = thing
        self.descriptor = descriptor
        self.value = self._present()

    def _present(self) -> object:
        try:
            return self.descriptor.__get__(self.thing)
        except (AttributeError, ValueError):
            return UNSET

    def changed(self) -> bool:
        return self._present() is not self.value

    def put_back(self) -> None:
        if self.value is UNSET:
            if self.descriptor is _CONTENTS:
                del self.thing.cell_contents  # type: ignore[attr-defined]
            else:
                self.descriptor.__delete__(self.thing)
        else:
            self.descriptor.__set__(self.thing, self.value)


class _Cache:
    """What an ``lru_cache`` remembers."""

    def __init__(self, thing: Any) -> None:
        self._thing = thing
        info = thing.cache_info()
        self._misses = info.misses
        self._kept: _Contents | None = None
        if info.maxsize is None and info.currsize:
            dicts = [one for one in gc.get_referents(thing) if type(one) is dict]
            self._kept = next(
                (_Contents(one, dict) for one in dicts if one is not thing.__dict__), None
            )

    def changed(self) -> bool:
        if self._kept is not None:
            return self._kept.changed()
        info = self._thing.cache_info()
        return bool(info.misses != self._misses)

    def put_back(self) -> None:
        if self._kept is not None:
            self._kept.put_back()
        else:
            self._thing.cache_clear()
            self._misses = 0


class _Random:
    """The state of a random generator; to put it back is cheaper than to compare it."""

    def __init__(self, thing: Any) -> None:
        self._thing = thing
        self._state = _STATE_OF_RANDOM.getstate(thing)

    def changed(self) -> bool:
        return True

    def put_back(self) -> None:
        _STATE_OF_RANDOM.setstate(self._thing, self._state)


class _Buffer:
    """What has been written into a `StringIO` or a `BytesIO`, and how far it was read."""

    def __init__(self, thing: Any, base: Any) -> None:
        self._thing = thing
        self._base = base
        self._state = None if thing.closed else base.__getstate__(thing)

    def changed(self) -> bool:
        return not self._thing.closed and self._base.__getstate__(self._thing) != self._state

    def put_back(self) -> None:
        if self._state is not None:
            self._base.__setstate__(self._thing, self._state)


class _Cells:
    """Many, of which hardly one ever changes."""

    def __init__(self, cells: list[Cell]) -> None:
        self._cells = cells
        self._gather()

    def _gather(self) -> None:
        """What is compared, in a few long rows."""
        self._empty: list[Any] = []
        self._full: list[Any] = []
        self._dicts: list[dict[Any, Any]] = []
        self._sizes: list[int] = []
        self._parts: list[Any] = []
        self._values: list[Any] = []
        self._getters: list[Any] = []
        self._owners: list[Any] = []
        self._attributes: list[Any] = []
        self._others: list[Cell] = []
        for cell in self._cells:
            if isinstance(cell, _Attribute) and cell.value is not UNSET:
                self._getters.append(cell.descriptor.__get__)
                self._owners.append(cell.thing)
                self._attributes.append(cell.value)
            elif not isinstance(cell, _Contents | _Class) or not cell.plain:
                self._others.append(cell)
            elif not cell.parts:
                self._empty.append(cell.thing)
            else:
                self._full.append(cell.thing)
                self._sizes.append(len(cell.parts))
                self._parts.extend(cell.parts)
                if isinstance(cell.parts, dict):
                    self._dicts.append(cell.thing)
                    self._values.extend(cell.parts.values())

    def of_same_size(self) -> bool:
        """As far as containers go."""
        return not any(self._empty) and list(map(len, self._full)) == self._sizes

    def _same(self) -> bool:
        is_, chained = operator.is_, itertools.chain.from_iterable
        try:
            return (
                self.of_same_size()
                and all(map(is_, chained(self._full), self._parts))
                and all(map(is_, chained(map(dict.values, self._dicts)), self._values))
                and all(map(is_, map(operator.call, self._getters, self._owners), self._attributes))
                and not any(cell.changed() for cell in self._others)
            )
        except (AttributeError, ValueError):  # a slot is empty that was not
            return False

    def take_changed(self) -> list[Cell]:
        """Those that have changed, which are not of these any longer."""
        if self._same():
            return []
        changed = [cell for cell in self._cells if cell.changed()]
        if changed:
            known = set(map(identity, changed))
            self._cells = [cell for cell in self._cells if identity(cell) not in known]
            self._gather()
        return changed


class Snapshot:
    """The state of ``project``'s modules, of ``others`` from source, and of some ``containers``.

    It is as it is now before each execution, if `begin` is called before that and `restore` after.
    """

    def __init__(
        self,
        project: Iterable[ModuleType],
        others: Iterable[ModuleType] = (),
        containers: Iterable[Any] = (),
    ) -> None:
        walk = _Walk(project, others, containers)
        self._lively = walk.lively
        self._own, self._containers = _Cells(walk.own), _Cells(walk.containers)
        self._others = _Cells(walk.others)
        self._lent = list(walk.lent.values())
        self._executions = 0

    def begin(self) -> None:
        """Lend copies of what an execution would use up."""
        for _original, again, holders in self._lent:
            one = again()
            for put in holders:
                put(one)

    def restore(self, thorough: bool = False) -> bool:
        """Put everything back; what is only looked at now and then, too, if it is ``thorough``.

        Say whether there was any of that, so that executions before this one may have met it.
        """
        for original, _again, holders in self._lent:
            for put in holders:
                put(original)
        for cell in self._lively:
            if cell.changed():
                cell.put_back()
        self._put_back(self._own)
        self._executions += 1
        if thorough or not self._executions & (self._executions - 1):
            changed = self._put_back(self._others)
            return self._put_back(self._containers) or changed
        return not self._containers.of_same_size() and self._put_back(self._containers)

    def _put_back(self, cells: _Cells) -> bool:
        changed = cells.take_changed()
        for cell in changed:
            cell.put_back()
        self._lively += changed
        return bool(changed)


Put = Callable[[Any], object]


class _Walk:
    """Through all that can be reached from the modules, past what is of the process.

    ``own`` are the cells of the project, ``lively`` those that are likely to change. Of all else,
    ``containers`` are what its name says, ``others`` the rest. ``lent`` is what each execution has
    a copy of: it, what makes one, and what puts one into each holder.
    """

    def __init__(
        self,
        project: Iterable[ModuleType],
        others: Iterable[ModuleType],
        containers: Iterable[Any],
    ) -> None:
        self.lively: list[Cell] = []
        self.own: list[Cell] = []
        self.containers: list[Cell] = []
        self.others: list[Cell] = []
        self.lent: dict[int, tuple[object, Callable[[], object], list[Put]]] = {}
        groups = (others, self.others), (project, self.own)
        modules = [(module, cells) for group, cells in groups for module in group]
        self._of_name = {module.__name__: cells for module, cells in modules}
        self._of_globals = {identity(vars(module)): cells for module, cells in modules}
        self._seen = _held(set(self._of_globals))
        self._left: list[Any] = []
        for group, cells in groups:
            self._present = cells  # where what is found now belongs
            for module in group:
                self._dict(vars(module), cells)
            self._look_at_what_is_left()
        self.own += [_Contents(one, type(one)) for one in containers]

    def _look_at_what_is_left(self) -> None:
        while self._left:
            thing = self._left.pop()
            if identity(thing) not in self._seen:
                self._seen.add(identity(thing))
                self._look_into(thing)

    def _go_on(self, things: Iterable[object]) -> None:
        self._left += [thing for thing in things if type(thing) not in ATOMS]

    def _look_into(self, thing: Any) -> None:
        cls = type(thing)
        if cls in (tuple, frozenset):
            self._go_on(thing)
        elif cls is FunctionType:
            self._function(thing)
        elif cls is CellType:
            self._attribute(thing, _CONTENTS, self._present)
        elif issubclass(cls, type):
            self._class(thing)
        elif cls is _CACHE:
            self._present.append(_Cache(thing))
            self._go_on([thing.__wrapped__])
        elif not issubclass(cls, weakref.ref):
            self._instance(thing, cls)

    def _dict(self, thing: dict[str, Any], cells: list[Cell]) -> None:
        """That of a module, a function or an instance."""
        self._seen.add(identity(thing))
        cells.append(_Contents(thing, dict))
        for name, value in thing.items():
            self._held_in(value, operator.setitem, thing, name)
        self._go_on(value for name, value in thing.items() if name not in BYNAMES)

    def _function(self, thing: FunctionType) -> None:
        cells = self._of_globals.get(identity(thing.__globals__))
        if cells is None:
            name = thing.__globals__.get("__name__", "")
            if thing.__closure__ is None or name.startswith(LABORATORY):
                return  # of the process; what its decorators have made has a closure
            cells = self._present
        self._dict(thing.__dict__, cells)
        for descriptor in _OF_FUNCTION:
            self._attribute(thing, descriptor, self.others)
        for number, default in enumerate(thing.__defaults__ or ()):
            self._held_in(default, _set_default, thing, number)
        self._left += thing.__closure__ or ()

    def _class(self, cls: type) -> None:
        cells = self._of_name.get(_module_of(cls))
        if cells is None or cls.__flags__ & IMMUTABLE:
            return
        cell = _Class(cls)
        cells.append(cell)
        for name, value in cell.copy.items():
            self._held_in(value, type.__setattr__, cls, name)
        self._go_on(value for name, value in cell.copy.items() if name not in BYNAMES)
        self._left += [*bases(cls)[1:], type(cls)]

    def _instance(self, thing: Any, cls: type) -> None:
        module = _module_of(cls)
        if module.startswith(LABORATORY) and not module.startswith(FAKES):
            return
        cells = self._of_name.get(module, self._present)
        base = next((base for base in bases(cls) if base in _WAYS), None)
        if base is not None:
            if base is dict and "__builtins__" in thing:
                return  # the namespace of another module
            self._contents(
                _Contents(thing, base), self.own if cells is self.own else self.containers
            )
            if cls is base:
                return
        for buffer in (io.StringIO, io.BytesIO):
            if issubclass(cls, buffer):
                self.lively.append(_Buffer(thing, buffer))
        if issubclass(cls, _STATE_OF_RANDOM):
            self.lively.append(_Random(thing))
        for one in bases(cls):
            if not one.__flags__ & IMMUTABLE:
                for descriptor in _of_class(one).values():
                    if type(descriptor) is MemberDescriptorType:
                        self._attribute(thing, descriptor, cells)
        own = variables(thing)
        if type(own) is dict and identity(own) not in self._seen:
            self._dict(own, cells)
        if base is None:
            self._go_on(gc.get_referents(thing))

    def _contents(self, cell: _Contents, cells: list[Cell]) -> None:
        cells.append(cell)
        if isinstance(cell.copy, dict):
            for key, value in cell.copy.items():
                self._held_in(value, dict.__setitem__, cell.thing, key)
            self._go_on(cell.copy.values())
        elif isinstance(cell.copy, list) and type(cell.thing) is list:
            for number, value in enumerate(cell.copy):
                self._held_in(value, list.__setitem__, cell.thing, number)
        self._go_on(cell.copy)

    def _attribute(self, thing: object, descriptor: Any, cells: list[Cell]) -> None:
        cell = _Attribute(thing, descriptor)
        cells.append(cell)
        if cell.value is not UNSET:
            self._held_in(cell.value, descriptor.__set__, thing)
            self._go_on([cell.value])

    def _held_in(self, value: Any, put: Callable[..., object], *where: object) -> None:
        """Lend it if it is one that is used up."""
        cls = type(value)
        if cls is not MethodWrapperType and cls is not itertools.count and cls not in _ITERATORS:
            return
        known = self.lent.get(identity(value))
        if known is None:
            again = _again(value)
            if again is None:
                return
            known = self.lent[identity(value)] = value, again, []
        known[2].append(partial(put, *where))


def _again(value: Any) -> Callable[[], object] | None:
    """What makes a copy of ``value`` as it is now."""
    if type(value) is MethodWrapperType:  # a bound method, which is called for the next
        of = _again(value.__self__) if value.__name__ == "__next__" else None
        return None if of is None else lambda: of().__next__  # type: ignore[attr-defined]
    if type(value) is itertools.count:
        try:
            begin = ast.literal_eval(repr(value).removeprefix("count"))  # it cannot be copied
        except ValueError:
            return None
        return partial(itertools.count, *(begin if type(begin) is tuple else (begin,)))
    return partial(copy.copy, copy.copy(value)) if type(value) in _ITERATORS else None


def _set_default(function: FunctionType, number: int, value: object) -> None:
    defaults = list(function.__defaults__ or ())
    defaults[number : number + 1] = [value]
    function.__defaults__ = tuple(defaults)


def _module_of(cls: type) -> str:
    name = _of_class(cls).get("__module__")
    return name if type(name) is str else ""


def _held(ours: set[int]) -> set[int]:
    """What modules of the process have as variables: it is theirs, and goes on between executions.

    ``ours`` are the namespaces that are not the process's.
    """
    namespaces = map(variables, list(sys.modules.values()))
    theirs = (namespace.values() for namespace in namespaces if identity(namespace) not in ours)
    return set(map(identity, itertools.chain.from_iterable(theirs)))
